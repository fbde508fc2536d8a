/** What other systems write is read field by field: nothing is taken for granted. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; of anything else none. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

export const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A whole number that is not negative. */
export const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

/** `{"` in base64. */
const BASE64_OBJECT = /^eyJ[A-Za-z0-9+/]+={0,2}$/;

/** The object in JSON, which may be in base64 around it; undefined when it is none. */
export const objectIn = (text: string): Fields | undefined => {
  const json = BASE64_OBJECT.test(text) ? Buffer.from(text, 'base64').toString('utf8') : text;
  if (!json.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? fieldsOf(value) : undefined;
  } catch {
    return undefined;
  }
};
