import { audited, type Effect, type EventHandler, notifiedInAppAndByEmail } from '../../lib/consumer/index.ts';
import { type Claim, isTaken, keepClaim, readClaims } from './claim.ts';
import { type Inspection, inspect } from './inspection.ts';
import { nextPoll, POLL_HOURS, pollAt, pollKey, UNANSWERED_LOOKS, UNANSWERED_MS } from './polling.ts';
import type { Ports } from './ports.ts';
import { mayProceed } from './states.ts';
import { releaseDomain } from './user-domains.ts';

const TYPE = 'domain.verification.requested';

/**
 * Looks for the records of a domain. While they are not there it is looked again, less and less often, until it has failed.
 * Servers that do not answer hold nothing up: the same look is repeated a few times, and then counts like one that found
 * nothing. A look that a user asks for in between does not count.
 */
export const verificationRequested =
  ({ lookups, now }: Ports): EventHandler<typeof TYPE> =>
  async ({ eventId, payload }, { redis, logger }) => {
    const { domain, userId, attempt } = payload;
    const claims = await readClaims(redis, domain);
    const claim = claims.find((one) => one.userId === userId);
    if (!mayProceed(TYPE, domain, claim?.state) || claim === undefined) {
      logger.debug('nothing to verify any more');
      return undefined;
    }
    if (isTaken(claims, userId)) return failed(claim, 'Another account has verified this domain.', eventId);
    const inspection = await inspect(claim, lookups);
    if (inspection.result === 'complete') return verified(claim, eventId, now());
    return waiting(claim, { inspection, counts: attempt >= claim.attempt, cause: eventId, now: now() });
  };

const verified = (claim: Claim, cause: string, now: number): Effect => {
  const { domain, userId, target } = claim;
  return {
    events: [
      ...notifiedInAppAndByEmail({
        userId,
        template: 'domain-verified',
        data: { domain },
        dedupeKey: `domain-verified/${cause}`,
      }),
      { type: 'certificate.requested', name: domain, payload: { domain, userId } },
      audited({
        actor: userId,
        action: 'domain.verified',
        resource: `domain/${domain}`,
        after: { target },
        at: new Date(now).toISOString(),
      }),
    ],
    unschedule: [pollKey(TYPE, domain, userId)],
    updates: [{ userId, type: 'domain.verified', data: { domain } }],
    writes: [keepClaim({ ...claim, state: 'verified', attempt: 0, unanswered: 0 })],
  };
};

interface Look {
  readonly inspection: Exclude<Inspection, { readonly result: 'complete' }>;
  /** Whether it is the one that was due. */
  readonly counts: boolean;
  readonly cause: string;
  readonly now: number;
}

const waiting = (claim: Claim, { inspection, counts, cause, now }: Look): Effect => {
  const { domain, userId, attempt, unanswered } = claim;
  const missing = inspection.result === 'incomplete' ? inspection.missing : undefined;
  const update = (nextLookAt?: string) => ({
    userId,
    type: 'domain.waiting',
    data: { domain, ...(missing === undefined ? { unanswered: true } : { missing }), nextLookAt },
  });
  if (!counts) return { updates: [update()] };
  if (missing === undefined && unanswered < UNANSWERED_LOOKS) {
    const again = pollAt(TYPE, domain, userId, attempt, now + UNANSWERED_MS);
    return {
      schedule: [again],
      updates: [update(again.at)],
      writes: [keepClaim({ ...claim, unanswered: unanswered + 1 })],
    };
  }
  const next = nextPoll(TYPE, domain, userId, attempt + 1, now);
  if (next === undefined) return failed(claim, lateReason(inspection), cause);
  return {
    schedule: [next],
    updates: [update(next.at)],
    writes: [keepClaim({ ...claim, attempt: attempt + 1, unanswered: 0 })],
  };
};

const lateReason = (inspection: Look['inspection']): string =>
  inspection.result === 'unanswered'
    ? `The name servers of the domain did not answer, for ${POLL_HOURS} hours.`
    : `These records were not found within ${POLL_HOURS} hours: ${inspection.missing
        .map(({ record: { type, name } }) => `${type} ${name}`)
        .join(', ')}.`;

/** The claim has failed; the user may add the domain again. */
const failed = (claim: Claim, reason: string, cause: string): Effect => {
  const { domain, userId } = claim;
  return {
    events: notifiedInAppAndByEmail({
      userId,
      template: 'domain-failed',
      data: { domain, reason },
      dedupeKey: `domain-failed/${cause}`,
    }),
    unschedule: [pollKey(TYPE, domain, userId)],
    updates: [{ userId, type: 'domain.failed', data: { domain, reason } }],
    crossKeyWrites: [{ name: 'domains', owner: userId, writes: [releaseDomain(userId, domain)] }],
    writes: [keepClaim({ ...claim, state: 'failed', reason })],
  };
};
