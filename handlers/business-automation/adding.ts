import type { Effect, EventHandler, HandlerContext } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import { readEntitlements } from '../../lib/stores/entitlements.ts';
import { type Claim, isTaken, keepClaim, readClaims } from './claim.ts';
import { hostName, userDomain } from './names.ts';
import { nextPoll } from './polling.ts';
import type { Ports } from './ports.ts';
import { challengeToken, wantedRecords } from './records.ts';
import { mayProceed } from './states.ts';
import { reserveDomain } from './user-domains.ts';

/** As much of what a user has typed as is shown to them. */
const SHOWN = 255;

/**
 * A user brings a domain: they are told which records to set, and these are looked for from then on. Added again while it
 * is not verified, it starts anew with the same records.
 */
export const domainAdded =
  (ports: Ports): EventHandler<'domain.added'> =>
  async (event, context) => {
    try {
      return await added(event, context, ports);
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      const { userId, domain } = event.payload;
      const data = { domain: domain.slice(0, SHOWN), reason: error.message };
      return { updates: [{ userId, type: 'domain.refused', data }], reject: error };
    }
  };

const added = async (
  { eventId, payload }: EventOf<'domain.added'>,
  { redis }: HandlerContext,
  { target: ours, now }: Ports,
): Promise<Effect> => {
  const { userId } = payload;
  const domain = userDomain(payload.domain, ours);
  // Written as it was, it has another key than its later events: it starts again under its own name.
  if (domain !== payload.domain)
    return { events: [{ type: 'domain.added', name: 'canonical', payload: { ...payload, domain } }] };
  const target = targetOf(domain, payload.target ?? ours);
  const claims = await readClaims(redis, domain);
  const known = claims.find((claim) => claim.userId === userId);
  mayProceed('domain.added', domain, known?.state);
  if (isTaken(claims, userId)) {
    throw new PermanentError('RULE_VIOLATED', `Domain ${domain} is already verified by another account.`);
  }
  await requirePlace(redis, userId, domain);
  const claim: Claim = {
    domain,
    userId,
    target,
    state: 'pending',
    token: known?.token ?? challengeToken(eventId, domain, userId),
    attempt: 0,
    unanswered: 0,
    reason: null,
    certificate: null,
    certificates: 0,
  };
  const look = nextPoll('domain.verification.requested', domain, userId, 0, now());
  return {
    schedule: look === undefined ? [] : [look],
    updates: [
      { userId, type: 'domain.pending', data: { domain, records: wantedRecords(claim), nextLookAt: look?.at } },
    ],
    writes: [keepClaim(claim)],
  };
};

const targetOf = (domain: string, text: string): string => {
  const target = hostName(text);
  if (target === undefined || target === domain) {
    throw new PermanentError(
      'INVALID_EVENT',
      `Domain ${domain} cannot point to ${JSON.stringify(text.slice(0, SHOWN))}: that is not the name of another host.`,
    );
  }
  return target;
};

/** @throws PermanentError RULE_VIOLATED when the plan has no place for another domain */
const requirePlace = async (redis: HandlerContext['redis'], userId: string, domain: string): Promise<void> => {
  const entitlements = await readEntitlements(redis, userId);
  if (await reserveDomain(redis, userId, domain, entitlements?.domains)) return;
  throw new PermanentError(
    'RULE_VIOLATED',
    `Domain ${domain} is one too many: the plan ${entitlements?.plan} includes ${entitlements?.domains}.`,
    { next: 'The user can change the plan and add the domain again' },
  );
};
