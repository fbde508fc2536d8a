import { createHash } from 'node:crypto';
import type { Effect, EventHandler } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { Authority } from './authority.ts';
import { certificateFailure } from './certificate-failure.ts';
import { type Claim, keepClaim, readClaim } from './claim.ts';
import { nextPoll } from './polling.ts';
import type { Ports } from './ports.ts';
import { mayProceed } from './states.ts';

/** ACM takes up to 32 word characters. The same claim and number is the same request, however often it is worked. */
const requestToken = ({ domain, userId, certificates }: Claim): string =>
  createHash('sha256').update([domain, userId, certificates].join('\0')).digest('hex').slice(0, 32);

/**
 * Requests a certificate for a verified domain and shows the user the records by which the authority validates it.
 * What the authority refuses is a dead letter, and the user hears of it; put back, it is requested once more.
 */
export const certificateRequested =
  ({ authority, now }: Ports): EventHandler<'certificate.requested'> =>
  async ({ eventId, payload }, { redis }) => {
    const { domain, userId } = payload;
    const claim = await readClaim(redis, domain, userId);
    mayProceed('certificate.requested', domain, claim?.state);
    if (claim === undefined) return undefined;
    try {
      return await requested(claim, authority, now());
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      const { events, updates } = certificateFailure(claim, error.message, eventId);
      return { events, updates, reject: error };
    }
  };

const requested = async (claim: Claim, authority: Authority, now: number): Promise<Effect> => {
  const { domain, userId } = claim;
  const arn = await authority.request(domain, requestToken(claim));
  // The one that has failed is of no use to anybody.
  if (claim.certificate !== null && claim.certificate.arn !== arn) await authority.delete(claim.certificate.arn);
  const records = (await authority.describe(arn))?.records ?? [];
  const look = nextPoll('certificate.status.requested', domain, userId, 0, now);
  return {
    schedule: look === undefined ? [] : [look],
    updates: [{ userId, type: 'certificate.pending', data: { domain, records, nextLookAt: look?.at } }],
    writes: [
      keepClaim({
        ...claim,
        state: 'certifying',
        attempt: 0,
        unanswered: 0,
        reason: null,
        certificate: { arn, records, expiresAt: null },
        certificates: claim.certificates + 1,
      }),
    ],
  };
};
