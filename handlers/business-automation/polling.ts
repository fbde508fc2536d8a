import type { Scheduled } from '../../lib/consumer/index.ts';

const MINUTE = 60_000;
const HOURS = 60;

/** Minutes before each look, growing: together 72 hours less seven minutes; then ACM gives up too (ACM User Guide, dns-validation). */
export const POLL_MINUTES: readonly number[] = [
  1,
  2,
  5,
  15,
  30,
  1 * HOURS,
  2 * HOURS,
  4 * HOURS,
  ...Array.from({ length: 8 }, () => 8 * HOURS),
];

/** Hours after which nobody looks any more, for the reason of a failure. */
export const POLL_HOURS = 72;

/** Looks in a row without an answer that do not count; then a server that does not answer is as good as one that has nothing. */
export const UNANSWERED_LOOKS = 3;

/** A look without an answer is soon repeated. */
export const UNANSWERED_MS = MINUTE;

/** The events that are polled for. */
type Poll = 'domain.verification.requested' | 'certificate.status.requested';

/** Under which the next look of either kind is scheduled: there is one at most. */
export const pollKey = (type: Poll, domain: string, userId: string): string => `${type}/${domain}/${userId}`;

/** A look to be taken at a time, milliseconds since 1970. */
export const pollAt = (type: Poll, domain: string, userId: string, attempt: number, time: number): Scheduled => ({
  key: pollKey(type, domain, userId),
  at: new Date(time).toISOString(),
  event: { type, payload: { domain, userId, attempt } },
});

/**
 * Look number `attempt` from now on.
 *
 * @param now milliseconds since 1970
 * @returns undefined when there have been enough
 */
export const nextPoll = (
  type: Poll,
  domain: string,
  userId: string,
  attempt: number,
  now: number,
): Scheduled | undefined => {
  const minutes = POLL_MINUTES[attempt];
  return minutes === undefined ? undefined : pollAt(type, domain, userId, attempt, now + minutes * MINUTE);
};
