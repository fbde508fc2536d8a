import { type EventHandler, notifiedInAppAndByEmail } from '../../lib/consumer/index.ts';
import { certificateFailure, reasonOf } from './certificate-failure.ts';
import { keepClaim, readClaim } from './claim.ts';
import { DAY_MS, warningsOf } from './expiry.ts';
import type { Ports } from './ports.ts';
import { mayProceed } from './states.ts';

/**
 * A certificate is about to end. Amazon renews those whose validation record is still there, without a word, so the
 * authority is asked first: its owner is warned only of one that was not renewed.
 */
export const certificateRenewalDue =
  ({ authority, now }: Ports): EventHandler<'certificate.renewal.due'> =>
  async ({ eventId, payload }, { redis, logger }) => {
    const { domain, userId } = payload;
    const claim = await readClaim(redis, domain, userId);
    const certificate = claim?.certificate;
    if (!mayProceed('certificate.renewal.due', domain, claim?.state) || claim === undefined || !certificate) {
      logger.debug('there is no certificate to renew any more');
      return undefined;
    }
    const found = await authority.describe(certificate.arn);
    if (found?.status !== 'ISSUED') return certificateFailure(claim, reasonOf(found), eventId);
    const { expiresAt } = found;
    // Both know it of an issued certificate.
    if (certificate.expiresAt === null || expiresAt === undefined) return undefined;
    const time = now();
    if (expiresAt > certificate.expiresAt) {
      return {
        schedule: warningsOf(domain, userId, expiresAt, time),
        updates: [
          { userId, type: 'certificate.renewed', data: { domain, expiresAt: new Date(expiresAt).toISOString() } },
        ],
        writes: [keepClaim({ ...claim, certificate: { ...certificate, expiresAt } })],
      };
    }
    if (expiresAt <= time) return certificateFailure(claim, reasonOf({ ...found, status: 'EXPIRED' }), eventId);
    // As of now: the event may be late.
    const daysLeft = Math.ceil((expiresAt - time) / DAY_MS);
    return {
      events: notifiedInAppAndByEmail({
        userId,
        template: 'certificate-expiring',
        data: { domain, daysLeft: String(daysLeft) },
        dedupeKey: `certificate-expiring/${domain}/${expiresAt}/${payload.daysLeft}`,
      }),
      updates: [{ userId, type: 'certificate.expiring', data: { domain, daysLeft } }],
    };
  };
