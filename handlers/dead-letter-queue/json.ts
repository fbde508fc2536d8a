/** What other systems write is read field by field: nothing is taken for granted. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; of anything else none. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

export const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A whole number that is not negative, or the text of one: AWS writes offsets as strings. */
export const countOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && /^\d{1,19}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
};

/** Milliseconds since 1970: a number, or the text of one or of a time in ISO 8601. Kafka takes any, also in no calendar. */
export const momentOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  if (typeof value !== 'string' || value === '') return undefined;
  const moment = /^-?\d{1,19}$/.test(value) ? Number(value) : Date.parse(value);
  return Number.isNaN(moment) ? undefined : moment;
};

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
