// What a terminal would obey instead of show: C0 and C1 controls, and the marks that reorder text (Unicode TR 36, 2.7).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Data made safe to show on a terminal: control characters as `\u001b`; tab and line feed stay. */
export const escaped = (text: string): string =>
  text.replaceAll(UNSAFE, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A name that others have chosen, made safe to show within a line: line feed and tab as well become visible. */
export const escapedName = (name: string): string => escaped(name).replaceAll('\n', '\\n').replaceAll('\t', '\\t');

const PLAIN = /^[\w.@%+=:,/-]+$/;
const HIDDEN = /[^\u0020-\u007e\u00a1-\uffff]/u;

/** A name as a shell takes it for one argument, control characters visible (Bash, "ANSI-C Quoting"). */
export const argument = (name: string): string => {
  if (PLAIN.test(name)) return name;
  if (!HIDDEN.test(name) && escapedName(name) === name) return `'${name.replaceAll("'", String.raw`'\''`)}'`;
  const quoted = name.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return `$'${escapedName(quoted)}'`;
};
