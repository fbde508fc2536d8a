/** Stands before a step that a path could not carry as it is. */
const MARK = '~';

/**
 * A name as a step of a path. Browsers take `.` and `..` for ways through the path, however they are encoded, and a group may
 * be called so: such a name gets a mark, and so does one that has it already.
 */
export const stepOf = (name: string): string =>
  encodeURIComponent(name === '.' || name === '..' || name === '' || name.startsWith(MARK) ? `${MARK}${name}` : name);

/** The name in a step whose percent signs are decoded. */
export const nameIn = (step: string): string => (step.startsWith(MARK) ? step.slice(MARK.length) : step);
