import type { Scheduled } from '../../lib/consumer/index.ts';

export const DAY_MS = 24 * 60 * 60 * 1_000;

/** Days before its end at which a certificate is looked at: its owner is warned unless it was renewed. At 0 it has ended. */
export const WARNING_DAYS: readonly number[] = [30, 14, 7, 1, 0];

const warningKey = (domain: string, userId: string, days: number): string =>
  `certificate.renewal.due/${domain}/${userId}/${days}`;

export const warningKeys = (domain: string, userId: string): string[] =>
  WARNING_DAYS.map((days) => warningKey(domain, userId, days));

/**
 * The looks that are still to come. Those of a renewed certificate take the place of those before.
 *
 * @param expiresAt milliseconds since 1970, as `now`
 */
export const warningsOf = (domain: string, userId: string, expiresAt: number, now: number): Scheduled[] =>
  WARNING_DAYS.map((daysLeft) => ({ daysLeft, time: expiresAt - daysLeft * DAY_MS }))
    .filter(({ time }) => time > now)
    .map(({ daysLeft, time }) => ({
      key: warningKey(domain, userId, daysLeft),
      at: new Date(time).toISOString(),
      event: { type: 'certificate.renewal.due', payload: { domain, userId, daysLeft } },
    }));
