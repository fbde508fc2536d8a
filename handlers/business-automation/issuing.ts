import { audited, type Effect, type EventHandler, notifiedInAppAndByEmail } from '../../lib/consumer/index.ts';
import type { Certificate } from './authority.ts';
import { certificateFailure, reasonOf } from './certificate-failure.ts';
import { type Claim, keepClaim, readClaim } from './claim.ts';
import { warningsOf } from './expiry.ts';
import { nextPoll, POLL_HOURS, pollKey } from './polling.ts';
import type { Ports } from './ports.ts';
import { mayProceed } from './states.ts';

const TYPE = 'certificate.status.requested';

/**
 * Asks how far a certificate is: issued, failed, or asked again later, less and less often, until it has failed. Asked by a
 * user in between, it does not count.
 */
export const certificateStatusRequested =
  ({ authority, now }: Ports): EventHandler<typeof TYPE> =>
  async ({ eventId, payload }, { redis, logger }) => {
    const { domain, userId, attempt } = payload;
    const claim = await readClaim(redis, domain, userId);
    if (!mayProceed(TYPE, domain, claim?.state) || claim === undefined || claim.certificate === null) {
      logger.debug('no certificate is waited for any more');
      return undefined;
    }
    const found = await authority.describe(claim.certificate.arn);
    if (found?.status === 'ISSUED') return issued(claim, claim.certificate.arn, found, eventId, now());
    if (found?.status !== 'PENDING_VALIDATION') return certificateFailure(claim, reasonOf(found), eventId);
    return waiting({ ...claim, certificate: { ...claim.certificate, records: found.records } }, claim, {
      counts: attempt >= claim.attempt,
      cause: eventId,
      now: now(),
    });
  };

const issued = (claim: Claim, arn: string, { records, expiresAt }: Certificate, cause: string, now: number): Effect => {
  const { domain, userId } = claim;
  const ends = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
  return {
    events: [
      ...notifiedInAppAndByEmail({
        userId,
        template: 'certificate-issued',
        data: { domain },
        dedupeKey: `certificate-issued/${cause}`,
      }),
      audited({
        actor: userId,
        action: 'certificate.issued',
        resource: `domain/${domain}`,
        after: { arn, expiresAt: ends },
        at: new Date(now).toISOString(),
      }),
    ],
    unschedule: [pollKey(TYPE, domain, userId)],
    schedule: expiresAt === undefined ? [] : warningsOf(domain, userId, expiresAt, now),
    updates: [{ userId, type: 'certificate.issued', data: { domain, expiresAt: ends } }],
    writes: [
      keepClaim({
        ...claim,
        state: 'active',
        attempt: 0,
        certificate: { arn, records, expiresAt: expiresAt ?? null },
      }),
    ],
  };
};

/** @param claim with the records that the authority shows now; it may not have had them at once */
const waiting = (
  claim: Claim,
  before: Claim,
  { counts, cause, now }: { readonly counts: boolean; readonly cause: string; readonly now: number },
): Effect => {
  const { domain, userId, attempt, certificate } = claim;
  const next = counts ? nextPoll(TYPE, domain, userId, attempt + 1, now) : undefined;
  if (counts && next === undefined) {
    const reason = `The certificate authority did not find its validation record within ${POLL_HOURS} hours.`;
    return certificateFailure(claim, reason, cause);
  }
  const isNews = JSON.stringify(certificate?.records) !== JSON.stringify(before.certificate?.records);
  const data = { domain, records: certificate?.records, nextLookAt: next?.at };
  return {
    schedule: next === undefined ? [] : [next],
    updates: isNews || !counts ? [{ userId, type: 'certificate.pending', data }] : [],
    writes: [keepClaim(next === undefined ? claim : { ...claim, attempt: attempt + 1 })],
  };
};
