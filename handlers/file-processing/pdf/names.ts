/** A character of a name, or its code: `#4a` is a `J` (PDF 32000-1, 7.3.5). */
const letter = (character: string): string => {
  const code = character.charCodeAt(0).toString(16).padStart(2, '0');
  return `(?:${character}|#${[...code].map((digit) => `[${digit}${digit.toUpperCase()}]`).join('')})`;
};

/** Source of a pattern for a name, however it is written; it ends at a delimiter. */
export const nameSource = (name: string): string => `/${[...name].map(letter).join('')}(?=[\\s/<>[\\]()%{}]|$)`;
