import { PermanentError } from '../../lib/errors.ts';
import { type EventOf, timeOf } from '../../lib/events/index.ts';
import { agentOf } from './agent.ts';
import { MOST_AHEAD_MS } from './periods.ts';

/** A scan as it is counted: without the address and the headers it came with. */
export interface Scan {
  readonly id: string;
  readonly qrId: string | null;
  readonly userId: string;
  /** When it happened, milliseconds since 1970. */
  readonly at: number;
  /** When it is counted. */
  readonly now: number;
  readonly isBot: boolean;
  readonly city: string | null;
  /** Undefined without an address: then nobody can be told from anybody. */
  readonly visitor: string | undefined;
  readonly values: Readonly<Record<Dimension, string>>;
}

/** What scans are told apart by, in the order in which the latest scans have them. */
export const DIMENSION_NAMES = ['country', 'device', 'referrer', 'os', 'browser', 'action'] as const;

export type Dimension = (typeof DIMENSION_NAMES)[number];

const LONGEST_CITY = 80;

/**
 * What is counted of an event.
 *
 * @param now milliseconds since 1970
 * @throws PermanentError INVALID_EVENT without a user, or with a time that cannot be
 */
export const scanOf = (event: EventOf<'qr.scanned'>, now: number): Omit<Scan, 'visitor'> => {
  const { eventId, timestamp, payload } = event;
  const { qrId, userId, action, userAgent, referrer, country, city, scannedAt } = payload;
  if (userId === '') throw new PermanentError('INVALID_EVENT', 'A scan must name the user whose code it was: userId.');
  const { isBot, device, os, browser } = agentOf(userAgent);
  return {
    id: eventId,
    qrId: qrId === '' ? null : qrId,
    userId,
    at: countedAt(scannedAt ?? timestamp, now),
    now,
    isBot,
    city: city?.slice(0, LONGEST_CITY) ?? null,
    values: { device, os, browser, country: countryOf(country), referrer: hostOf(referrer), action: actionOf(action) },
  };
};

const countedAt = (text: string, now: number): number => {
  const time = timeOf('scannedAt', text);
  if (time < 0) throw new PermanentError('INVALID_EVENT', 'The scan would have happened before 1970.');
  if (time > now + MOST_AHEAD_MS) {
    throw new PermanentError(
      'INVALID_EVENT',
      `The scan would have happened in the future, at ${new Date(time).toISOString()}.`,
      { next: 'Check the clock of whoever published it' },
    );
  }
  return time;
};

const countryOf = (code: string | null): string =>
  code !== null && /^[a-z]{2}$/i.test(code) ? code.toUpperCase() : 'unknown';

/** Of the page that led to the code only the host: its path may tell who was on it. */
const hostOf = (referrer: string | null): string => {
  if (referrer === null || referrer === '') return 'direct';
  if (!URL.canParse(referrer)) return 'unknown';
  const host = new URL(referrer).hostname.toLowerCase().replace(/^www\./, '');
  return host === '' ? 'unknown' : host.slice(0, 253);
};

const actionOf = (action: string): string => {
  const name = action.toLowerCase();
  return /^[a-z][a-z0-9_.-]{0,31}$/.test(name) ? name : 'other';
};
