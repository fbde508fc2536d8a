import { isPolicy, POLICIES, type PolicyName, RETENTION } from '../../lib/catalog/index.ts';
import { audited, type Effect, type EventHandler } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import { holdingAt } from '../../lib/stores/holds.ts';
import type { Step } from './steps.ts';

export interface SweepOptions {
  readonly steps: Readonly<Record<PolicyName, Step>>;
  /** Milliseconds before the end of the invocation at which a sweep stops: longer than a step takes. */
  readonly reserveMs: number;
}

/** Who the audit log names. */
export const ACTOR = 'data-retention';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** A sweep that was given up is forgotten after so long. */
const PROGRESS_SECONDS = 14 * 24 * 60 * 60;

/** Where a sweep is: what is older than `before` goes, and everything up to `after` has been looked at. */
interface Cursor {
  readonly before: number;
  readonly after: string | undefined;
}

const cursorText = ({ before, after = '' }: Cursor): string => `${new Date(before).toISOString()}|${after}`;

const cursorFrom = (text: string): Cursor => {
  const [, time = '', after = ''] = /^([^|]+)\|(.*)$/s.exec(text) ?? [];
  const before = Date.parse(time);
  if (Number.isNaN(before)) {
    throw new PermanentError('INVALID_EVENT', `${JSON.stringify(text.slice(0, 60))} is no cursor of a sweep.`, {
      next: 'Leave the cursor out to begin anew',
    });
  }
  return { before, after: after === '' ? undefined : after };
};

/**
 * Deletes what a policy means, batch by batch. Short of its time it stops, and an event that carries the cursor goes on. The
 * counts are kept in Redis, so that they survive; a crash between a deletion and its count loses the count of one batch.
 */
export const sweepWith =
  ({ steps, reserveMs }: SweepOptions): EventHandler<'retention.sweep.requested'> =>
  async ({ payload: { policy, cursor }, timestamp }, { redis, objects, remainingMs, signal, tag }) => {
    if (!isPolicy(policy)) {
      throw new PermanentError('INVALID_EVENT', `There is no retention policy ${JSON.stringify(policy)}.`, {
        next: `There are ${POLICIES.join(', ')}`,
      });
    }
    const begun: Cursor =
      cursor === null
        ? { before: Date.parse(timestamp) - RETENTION[policy].days * DAY_MS, after: undefined }
        : cursorFrom(cursor);
    const { before } = begun;
    const progress = `retention:${tag}:${before}`;
    // An earlier try of this very event may have come further.
    let after = (await redis.hget(progress, 'after')) ?? begun.after;
    const holding = await holdingAt(objects, Date.now());
    while (remainingMs() > reserveMs) {
      signal.throwIfAborted();
      const { deleted, held, next } = await steps[policy](after, before, { redis, objects, holding });
      const kept = redis.multi().hincrby(progress, 'deleted', deleted).hincrby(progress, 'held', held);
      await kept
        .hset(progress, 'after', next ?? after ?? '')
        .expire(progress, PROGRESS_SECONDS)
        .exec();
      if (next === undefined) return swept(policy, before, await redis.hgetall(progress), timestamp, progress);
      after = next;
    }
    const payload = { policy, cursor: cursorText({ before, after }) };
    return { events: [{ type: 'retention.sweep.requested', name: 'rest', payload }] };
  };

const swept = (
  policy: PolicyName,
  before: number,
  { deleted = '0', held = '0' }: Readonly<Record<string, string>>,
  at: string,
  progress: string,
): Effect => ({
  events: [
    audited({
      actor: ACTOR,
      action: 'retention.swept',
      resource: `policy/${policy}`,
      after: { olderThan: new Date(before).toISOString(), deleted: Number(deleted), held: Number(held) },
      at,
    }),
  ],
  writes: [['DEL', progress]],
});
