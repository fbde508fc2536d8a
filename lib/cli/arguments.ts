import { InvalidArgumentError } from 'commander';
import { StreamError } from '../errors.ts';
import { MOMENT_WORDS, momentIn } from '../operations/moment.ts';
import { suggestion } from '../operations/nearest.ts';

/** @returns a parser of whole numbers from `min` to `max`, for commander; its sentence names the range */
export const integer =
  (min: number, max: number = Number.MAX_SAFE_INTEGER) =>
  (word: string): number => {
    const value = Number(word);
    if (!/^[+-]?\d+$/.test(word) || value < min || value > max) {
      const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
      throw new InvalidArgumentError(`It must be a whole number ${range}.`);
    }
    return value;
  };

/** @returns a parser of decimal numbers from `min` to `max`, e.g. `0.5` */
export const decimal =
  (min: number, max: number) =>
  (word: string): number => {
    const value = Number(word);
    if (!/^\d+(\.\d+)?$/.test(word) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`);
    }
    return value;
  };

/** @returns a parser of numbers from `min` to `max` that may be written with an exponent, e.g. `1e6` */
export const amount =
  (min: number, max: number) =>
  (word: string): number => {
    const value = Number(word);
    if (!/^\d+(\.\d+)?(e\+?\d+)?$/i.test(word) || value < min || value > max) {
      throw new InvalidArgumentError(
        `It must be a number from ${min} to ${max.toExponential().replace('+', '')}, such as 1e6.`,
      );
    }
    return value;
  };

/** Words that a parser takes. */
export interface Choices {
  readonly words: readonly string[];
  /** Whether it takes several, separated by commas. */
  readonly isList: boolean;
}

const CHOICES = new WeakMap<object, Choices>();

/** The words a parser made here takes, for shell completion; undefined when it takes others as well and names none. */
export const choicesOf = (parser: object | undefined): Choices | undefined =>
  parser === undefined ? undefined : CHOICES.get(parser);

const taking = <Parser extends object>(words: readonly string[], isList: boolean, parser: Parser): Parser => {
  CHOICES.set(parser, { words, isList });
  return parser;
};

/** What is wrong with a word out of a closed list: those there are, and the one that was meant. */
const notAmong = (word: string, words: readonly string[], sentence: string): InvalidArgumentError => {
  const meant = suggestion(word, words);
  return new InvalidArgumentError(meant === undefined ? sentence : `${sentence} ${meant}`);
};

/** @returns a parser of comma-separated words out of a closed list, each at most once */
export const listOf = <Word extends string>(words: readonly Word[]) =>
  taking(words, true, (text: string): Word[] => {
    const found = text.split(',').map((part) => {
      const given = part.trim().toLowerCase();
      const word = words.find((known) => known === given);
      if (word === undefined) throw notAmong(given, words, `It must be one or more of ${words.join(', ')}.`);
      return word;
    });
    return [...new Set(found)];
  });

/** @returns a parser of one word out of a closed list */
export const oneOf = <Word extends string>(words: readonly Word[]) =>
  taking(words, false, (text: string): Word => {
    const given = text.toLowerCase();
    const word = words.find((known) => known === given);
    if (word === undefined) throw notAmong(given, words, `It must be ${words.join(' or ')}.`);
    return word;
  });

/** @returns a parser that takes any word: the command itself says what is wrong with it; completion offers these */
export const offered = (words: readonly string[]) => taking(words, false, (text: string): string => text);

/** Parses a time in ISO 8601, or how long ago it was (`30m`, `2h`, `7d`), to milliseconds since 1970. */
export const moment = (text: string): number => {
  const time = momentIn(text);
  if (time === undefined) throw new InvalidArgumentError(`It must be ${MOMENT_WORDS}.`);
  return time;
};

/** Parses a time in ISO 8601 that is still to come; the result is ISO 8601, UTC. */
export const future = (text: string): string => {
  const time = Date.parse(text);
  if (Number.isNaN(time) || time <= Date.now()) {
    throw new InvalidArgumentError('It must be a time to come, such as 2099-01-31T08:00:00Z.');
  }
  return new Date(time).toISOString();
};

/** Parses `{"name":"value"}`; values are strings, numbers or booleans. */
export const headersJson = (text: string): Record<string, string> => {
  const refuse = (): never => {
    throw new InvalidArgumentError('It must be a JSON object such as {"tenant":"t1"}.');
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return refuse();
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return refuse();
  return Object.fromEntries(
    Object.entries(parsed).map(([name, value]) => {
      if (!['string', 'number', 'boolean'].includes(typeof value)) return refuse();
      return [name, String(value)];
    }),
  );
};

/** @returns a parser of an option that may be repeated, for commander: each word is parsed, all are kept */
export const collected =
  <Value>(parse: (word: string) => Value) =>
  (word: string, before: readonly Value[] | undefined): readonly Value[] => {
    try {
      return [...(before ?? []), parse(word)];
    } catch (error) {
      throw error instanceof StreamError ? new InvalidArgumentError(error.next ?? error.message) : error;
    }
  };

/**
 * Parses a header, `name=value`, or several as a JSON object; the option may be repeated, and a later one of the same name
 * counts.
 */
export const headers = (
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> => {
  if (/^\s*[[{]/.test(text)) return { ...before, ...headersJson(text) };
  const [, name, value = ''] = /^([^=]+)=([\s\S]*)$/.exec(text) ?? [];
  if (name === undefined)
    throw new InvalidArgumentError('It must be NAME=VALUE, or a JSON object such as {"tenant":"t1"}.');
  return { ...before, [name]: value };
};
