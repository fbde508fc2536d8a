// What a terminal would obey instead of show: C0 and C1 controls, and the marks that reorder text (Unicode TR 36, 2.7).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Data made safe to show on a terminal: control characters as `\u001b`; tab and line feed stay. */
export const escaped = (text: string): string =>
  text.replaceAll(UNSAFE, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
