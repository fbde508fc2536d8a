import { PermanentError } from '../../lib/errors.ts';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,](\d+))?)?(?:Z|[+-]\d\d:?\d\d)$/;

const DAY = 86_400_000;

/**
 * Milliseconds since 1970 of a time with its zone.
 *
 * @param field whose value it is, for the message
 * @throws PermanentError INVALID_EVENT when it is none
 */
export const instantOf = (field: string, text: string): number => {
  const at = ISO.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || at < 0) {
    throw new PermanentError(
      'INVALID_EVENT',
      `${field} must be a time since 1970 in ISO 8601 with its zone, not ${JSON.stringify(text.slice(0, 40))}.`,
    );
  }
  return at;
};

/** The same instant, always written the same way: UTC, to the millisecond. */
export const canonicalTime = (field: string, text: string): string => new Date(instantOf(field, text)).toISOString();

/** What a provider says of every event of its own. */
export interface Provided {
  readonly providerEventId: string;
  readonly createdAt: string;
}

/**
 * The place of a provider's event among all events of its subject, as a text whose order is that of the instants, to the
 * nanosecond; events of the same instant are in the order of their ids, so that everybody who compares agrees.
 *
 * @throws PermanentError INVALID_EVENT when createdAt is no time
 */
export const versionOf = ({ providerEventId, createdAt }: Provided): string => {
  const at = instantOf('createdAt', createdAt);
  const finer = (ISO.exec(createdAt)?.[1] ?? '').slice(3, 9).padEnd(6, '0');
  return `${String(at).padStart(15, '0')}${finer}/${providerEventId}`;
};

/** `count` days after a time, ISO 8601. */
export const daysAfter = (time: string, count: number): string =>
  new Date(Date.parse(time) + count * DAY).toISOString();
