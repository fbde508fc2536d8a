import type { EventTypeOn } from '../../lib/catalog/index.ts';
import { PermanentError } from '../../lib/errors.ts';

/**
 * Where a user's claim to a domain stands.
 * - `pending`: its records are looked for
 * - `failed`: they were not found in time, or somebody else was faster
 * - `verified`: they were found; a certificate is to be requested
 * - `certifying`: it was requested; the authority looks for its record
 * - `certificate-failed`: there will be none, or there is none any more
 * - `active`: it was issued
 */
export const DOMAIN_STATES = ['pending', 'failed', 'verified', 'certifying', 'certificate-failed', 'active'] as const;

export type DomainState = (typeof DOMAIN_STATES)[number];

/** States in which the domain is the user's, and nobody else's. */
const OWNED: ReadonlySet<DomainState> = new Set(['verified', 'certifying', 'certificate-failed', 'active']);

export const isOwned = (state: DomainState): boolean => OWNED.has(state);

export type DomainEventType = EventTypeOn<'business-automation'>;

interface Transition {
  /** What it is to lead to. */
  readonly to: DomainState;
  /** States it may start from; `new` is a domain that this user has not added, or not any more. */
  readonly from: readonly (DomainState | 'new')[];
  /** States in which there is nothing left to do: what was scheduled may come when the answer is known, or the user gone. */
  readonly over: readonly (DomainState | 'new')[];
}

/**
 * What each event may do. There is no way out of `active`: that a user gives a domain up is no event of this topic; it is
 * free again when its owner is erased.
 */
export const TRANSITIONS: Readonly<Record<DomainEventType, Transition>> = {
  'domain.added': { to: 'pending', from: ['new', 'pending', 'failed'], over: [] },
  'domain.verification.requested': {
    to: 'verified',
    from: ['pending'],
    over: ['new', 'verified', 'certifying', 'certificate-failed', 'active'],
  },
  'certificate.requested': { to: 'certifying', from: ['verified', 'certificate-failed'], over: [] },
  'certificate.status.requested': { to: 'active', from: ['certifying'], over: ['new', 'active'] },
  'certificate.renewal.due': {
    to: 'active',
    from: ['active'],
    over: ['new', 'verified', 'certifying', 'certificate-failed'],
  },
};

/**
 * Whether an event has something to do in this state.
 *
 * @returns false when it is over
 * @throws PermanentError RULE_VIOLATED, naming both states, when it must not happen in this state
 */
export const mayProceed = (type: DomainEventType, domain: string, state: DomainState | undefined): boolean => {
  const { to, from, over } = TRANSITIONS[type];
  if (from.includes(state ?? 'new')) return true;
  if (over.includes(state ?? 'new')) return false;
  throw new PermanentError(
    'RULE_VIOLATED',
    `Domain ${domain} cannot go from ${state ?? 'new'} to ${to}: that is possible from ${from.join(', ')}.`,
  );
};
