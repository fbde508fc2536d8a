import { audited, type Effect, type EventHandler, type HandlerContext } from '../../lib/consumer/index.ts';
import type { EventOf } from '../../lib/events/index.ts';
import { type Hold, holdingAt } from '../../lib/stores/holds.ts';
import type { Place } from '../../lib/stores/places.ts';
import { openProgress, type Progress } from './progress.ts';
import { erasureKey } from './schedule-place.ts';
import { ACTOR } from './sweep.ts';

export interface ErasureOptions {
  readonly places: readonly Place[];
  /** Milliseconds before the end of the invocation at which it stops. */
  readonly reserveMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A signal that is aborted after so many whole milliseconds; by the clock unless given. */
  readonly stopIn?: (milliseconds: number) => AbortSignal;
}

type Requested = EventOf<'user.erasure.requested'>;

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Deletes everything of a user, place by place. Short of its time it stops, and an event goes on with the place it was at;
 * each place is idempotent. A place that fails does not keep the others from being erased. It ends with a proof in the audit
 * log. A legal hold puts it off by a day, again and again until it is lifted.
 */
export const eraseWith =
  ({ places, reserveMs, now, stopIn = AbortSignal.timeout }: ErasureOptions): EventHandler<'user.erasure.requested'> =>
  async (event, context) => {
    const { userId } = event.payload;
    const hold = (await holdingAt(context.objects, now())).ofUser(userId);
    if (hold !== undefined) return postponed(event, hold, now());
    const progress = await openProgress(context.redis, context.tag, event.timestamp);
    const stop = stopIn(Math.max(0, Math.floor(context.remainingMs() - reserveMs)));
    const isThrough = await erased(userId, places, progress, context, stop);
    // The names of follow-ups derive from the event, so that each round has others.
    if (!isThrough) return { events: [{ type: 'user.erasure.requested', payload: event.payload, name: 'continued' }] };
    return proven(event, places, progress);
  };

/** @returns whether all places are through; false when the time was up before */
const erased = async (
  userId: string,
  places: readonly Place[],
  progress: Progress,
  { redis, objects, signal }: HandlerContext,
  stop: AbortSignal,
): Promise<boolean> => {
  const failures: unknown[] = [];
  for (const { name, erase } of places) {
    if (progress.isDone(name)) continue;
    if (stop.aborted) return false;
    try {
      const count = await erase(userId, { redis, objects, signal: AbortSignal.any([signal, stop]) });
      await progress.done(name, count);
    } catch (error) {
      signal.throwIfAborted();
      if (stop.aborted) return false;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return true;
};

const postponed = ({ payload }: Requested, { until }: Hold, now: number): Effect => {
  const at = new Date(now).toISOString();
  const next = new Date(now + DAY_MS).toISOString();
  return {
    schedule: [{ key: erasureKey(payload.userId), at: next, event: { type: 'user.erasure.requested', payload } }],
    events: [
      audited({
        tenantId: payload.userId,
        actor: ACTOR,
        action: 'user.erasure.postponed',
        resource: `user/${payload.userId}`,
        after: { why: 'legal hold', heldUntil: until ?? null, nextTry: next },
        at,
      }),
    ],
  };
};

/** The proof names the user by id and nothing else of them: what was written as the reason may be personal. */
const proven = (
  { payload: { userId, requestedBy }, timestamp }: Requested,
  places: readonly Place[],
  progress: Progress,
): Effect => {
  const counts = places.map(({ name, holds }) => ({ place: name, holds, erased: progress.countOf(name) }));
  return {
    unschedule: [erasureKey(userId)],
    events: [
      audited({
        tenantId: userId,
        actor: ACTOR,
        action: 'user.erased',
        resource: `user/${userId}`,
        after: {
          requestedBy,
          requestedAt: progress.requestedAt,
          erased: counts.reduce((sum, { erased: count }) => sum + count, 0),
          places: counts,
        },
        at: timestamp,
      }),
    ],
    writes: [progress.forget],
  };
};
