import { StreamError } from '../errors.ts';
import { nearest } from './nearest.ts';
import type { ResetTarget } from './reset-plan.ts';

/** Where a group can be moved to. */
export const RESET_WORDS = ['to-earliest', 'to-latest', 'to-offset', 'to-datetime', 'by-duration', 'shift-by'] as const;

/** Whether a word says where to, so that it is no topic. */
export const isResetWord = (word: string): boolean => RESET_WORDS.some((known) => known === word);

const usage = (message: string): StreamError =>
  new StreamError('USAGE', message, {
    next: 'One of: to-earliest, to-latest, to-offset N, to-datetime 2026-01-31T08:00:00Z, by-duration 2h, shift-by -100',
  });

const noValue = (where: string, value: string | undefined): void => {
  if (value !== undefined) throw usage(`${where} takes no value, and "${value}" was given.`);
};

const parsedOffset = (value: string | undefined): number => {
  const offset = Number(value);
  if (value === undefined || !/^\d+$/.test(value) || !Number.isSafeInteger(offset))
    throw usage(
      value === undefined ? 'to-offset needs the offset.' : `"${value}" is no offset: a whole number from 0.`,
    );
  return offset;
};

// An ISO 8601 date, or date and time; a time without a zone is the machine's local time, as ECMAScript reads it.
const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

const parsedTime = (value: string | undefined): Date => {
  const time = new Date(value ?? '');
  if (value === undefined || !ISO.test(value) || Number.isNaN(time.getTime()))
    throw usage(value === undefined ? 'to-datetime needs a time in ISO 8601.' : `"${value}" is no time in ISO 8601.`);
  return time;
};

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** ISO 8601, as Kafka's own tool takes it: `P1DT2H30M`. */
const ISO_DURATION = /^P(?!$)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

const parsedDuration = (value: string | undefined): number => {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(value ?? '') ?? [];
  if (count !== undefined) return Number(count) * (UNIT_MS[unit] ?? 0);
  const parts = ISO_DURATION.exec(value ?? '');
  if (parts === null)
    throw usage(
      value === undefined
        ? 'by-duration needs a duration: 30m, 2h, PT2H30M.'
        : `"${value}" is no duration: 30m, 2h, PT2H30M.`,
    );
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1_000;
};

const parsedShift = (value: string | undefined): number => {
  const by = Number(value);
  if (value === undefined || !/^[+-]?\d+$/.test(value) || !Number.isSafeInteger(by))
    throw usage(
      value === undefined ? 'shift-by needs a number of messages.' : `"${value}" is no number of messages: 100, -100.`,
    );
  return by;
};

/**
 * Where a group is to go, from the words of the command line.
 *
 * @param now milliseconds since 1970
 * @throws StreamError USAGE
 */
export const resetTarget = (where: string, value: string | undefined, now: number = Date.now()): ResetTarget => {
  switch (where) {
    case 'to-earliest':
      noValue(where, value);
      return { to: 'earliest' };
    case 'to-latest':
      noValue(where, value);
      return { to: 'latest' };
    case 'to-offset':
      return { to: 'offset', offset: parsedOffset(value) };
    case 'to-datetime':
      return { to: 'datetime', time: parsedTime(value) };
    case 'by-duration':
      return { to: 'datetime', time: new Date(now - parsedDuration(value)) };
    case 'shift-by':
      return { to: 'shift', by: parsedShift(value) };
    default: {
      const meant = nearest(where, RESET_WORDS);
      throw usage(`"${where}" is no place to reset to.${meant === undefined ? '' : ` Did you mean ${meant}?`}`);
    }
  }
};
