import type { Context } from 'hono';
import { InputError } from './failure.ts';

/** The fields of a request: of its JSON body, or of its query. */
export interface Input {
  /** @throws InputError when it is missing or empty */
  text(name: string): string;
  optionalText(name: string): string | undefined;
  /** @throws InputError for what is no whole number within the bounds, or missing without a default */
  whole(name: string, bounds: { min: number; max: number; otherwise?: number }): number;
  optionalWhole(name: string, bounds: { min: number; max: number }): number | undefined;
  /** Milliseconds since 1970, of a time in ISO 8601 or in such milliseconds. @throws InputError for what is neither */
  optionalTime(name: string): number | undefined;
  /** @throws InputError for what is none of them */
  oneOf<Choice extends string>(name: string, choices: readonly Choice[], otherwise?: Choice): Choice;
  flag(name: string): boolean;
  /** An object of texts; empty when it is missing. */
  texts(name: string): Readonly<Record<string, string>>;
}

/**
 * The fields of a JSON body.
 *
 * @throws InputError when it is no JSON object
 */
export const bodyOf = async (c: Context): Promise<Input> => {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InputError('body', 'The request wants a JSON object.');
  }
  return inputOf(new Map<string, unknown>(Object.entries(body)));
};

export const queryOf = (c: Context): Input => inputOf(new Map<string, unknown>(Object.entries(c.req.query())));

const inputOf = (fields: ReadonlyMap<string, unknown>): Input => {
  const optionalText = (name: string): string | undefined => {
    const value = fields.get(name);
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    throw new InputError(name, `${name} must be text.`);
  };
  const text = (name: string): string => {
    const value = optionalText(name);
    if (value === undefined) throw new InputError(name, `${name} is missing.`);
    return value;
  };
  const optionalWhole = (name: string, { min, max }: { min: number; max: number }): number | undefined => {
    const value = fields.get(name);
    if (value === undefined || value === null || value === '') return undefined;
    const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < min || number > max) {
      throw new InputError(name, `${name} must be a whole number from ${min} to ${max}.`);
    }
    return number;
  };
  return {
    text,
    optionalText,
    optionalWhole,
    whole: (name, { min, max, otherwise }) => {
      const value = optionalWhole(name, { min, max }) ?? otherwise;
      if (value === undefined) throw new InputError(name, `${name} is missing.`);
      return value;
    },
    optionalTime: (name) => {
      const given = optionalText(name);
      if (given === undefined) return undefined;
      const time = /^\d{1,15}$/.test(given) ? Number(given) : Date.parse(given);
      if (Number.isNaN(time)) throw new InputError(name, `${name} is one in ISO 8601, or milliseconds since 1970.`);
      return time;
    },
    oneOf: (name, choices, otherwise) => {
      const value = optionalText(name) ?? otherwise;
      const found = choices.find((choice) => choice === value);
      if (found === undefined) throw new InputError(name, `${name} must be one of: ${choices.join(', ')}.`);
      return found;
    },
    flag: (name) => ['true', '1'].includes(String(fields.get(name))),
    texts: (name) => {
      const value = fields.get(name);
      if (value === undefined || value === null) return {};
      if (typeof value !== 'object' || Array.isArray(value)) throw new InputError(name, `${name} must be an object.`);
      const entries = Object.entries(value);
      if (entries.some(([, each]) => typeof each !== 'string')) throw new InputError(name, `${name} must hold texts.`);
      return Object.fromEntries(entries.map(([key, each]) => [key, String(each)]));
    },
  };
};
