import type { Channel } from '../../lib/catalog/index.ts';
import { type Audit, audited, type FollowUp } from '../../lib/consumer/index.ts';
import type { EventOf } from '../../lib/events/index.ts';
import type { UserEventType } from './living.ts';
import type { UserRecord } from './user-state.ts';

/** What every notification to a user has, beside its template and what fills it. */
export interface Addressing {
  readonly userId: string;
  readonly channel: Channel;
  readonly dedupeKey: string;
  readonly locale?: string;
}

/**
 * How a user is told something: by e-mail, in their language. Of a user whose registration is still to come no address is
 * known; they find it in the app.
 *
 * @param once the same user and text: told once
 */
export const to = (userId: string, { registeredAt, locale }: UserRecord, once: string): Addressing => ({
  userId,
  channel: registeredAt === undefined ? 'in-app' : 'email',
  dedupeKey: `user-lifecycle/${once}`,
  ...(locale === undefined ? {} : { locale }),
});

/** The audit record of an event of a user. No address, name or words of theirs go into it. */
export const remembered = (
  { eventType, timestamp, payload: { userId } }: EventOf<UserEventType>,
  change: Pick<Audit, 'before' | 'after'> = {},
): FollowUp =>
  audited({
    tenantId: userId,
    actor: userId,
    action: eventType,
    resource: `user/${userId}`,
    at: timestamp,
    ...change,
  });
