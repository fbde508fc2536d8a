import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { eraseWith } from '../../../handlers/data-retention/erasure.ts';
import { REGISTRY } from '../../../handlers/data-retention/registry.ts';
import { erasureKey, schedulePlace } from '../../../handlers/data-retention/schedule-place.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import { eventOf, recordOf } from '../../../lib/events/index.ts';
import { liftHold, putHold } from '../../../lib/stores/holds.ts';
import type { Place } from '../../../lib/stores/places.ts';
import { appendUpdate, updatesKey } from '../../../lib/stores/updates.ts';
import { auditIn, erasureOf, world } from './world.ts';

const settled = { batchItemFailures: [] };
/** What a test puts between the other places. */
let extra: readonly Place[] = [];
/** Whether a test ends the time of an invocation; the clock does otherwise. */
let isTimed = false;
const ended = new AbortController();
/** Far from now: the stack's scheduler must not publish what is put off. */
const NOW = Date.parse('2100-01-01T00:00:00Z');
const { connections, redis, objects, schedule, publisher, deliver } = world({
  'retention.sweep.requested': () => undefined,
  'user.erasure.requested': (event, context) =>
    eraseWith({
      places: [schedulePlace(connections), ...extra, ...Object.values(REGISTRY).flat()],
      reserveMs: 1_000,
      now: () => NOW,
      ...(isTimed ? { stopIn: () => ended.signal } : {}),
    })(event, context),
});
afterAll(() => closeConnections(connections));

const entryOf = async (key: string) =>
  (await schedule.due(NOW + 200 * 86_400_000, 100_000)).find((one) => one.key === key);

/** A user of whom something is kept in every place there is so far. */
const newUser = async () => {
  const userId = randomUUID();
  await appendUpdate(redis, { userId, type: 'test', id: randomUUID(), data: {} });
  const scheduled = `test/${userId}`;
  const event = eventOf('user.onboarding.due', { userId, step: 'tips' }, { source: 'test' });
  await schedule.put([{ key: scheduled, dueAt: NOW, record: await recordOf(publisher.codec, event) }]);
  const contentId = randomUUID();
  await redis.hset(`content:{${contentId}}`, { userId, state: 'published', version: 1 });
  await redis.sadd(`contents-of:{${userId}}`, contentId);
  return {
    userId,
    scheduled,
    left: async () => ({
      updates: await redis.exists(updatesKey(userId)),
      contents: (await redis.exists(`content:{${contentId}}`)) + (await redis.exists(`contents-of:{${userId}}`)),
      scheduled: (await entryOf(scheduled)) === undefined ? 0 : 1,
      progress: await redis.exists(`erasure:{${userId}}`),
    }),
  };
};
const NOTHING = { updates: 0, contents: 0, scheduled: 0, progress: 0 };

describe('an erasure', () => {
  it('takes everything of a user, and its proof counts each place without a word of the person', async () => {
    const [user, other] = [await newUser(), await newUser()];
    const event = erasureOf(user.userId);
    const { response, published } = await deliver(event);
    expect(response).toEqual(settled);
    expect(await user.left()).toEqual(NOTHING);
    expect(await other.left()).toMatchObject({ updates: 1, contents: 2, scheduled: 1 });
    const [proof] = published;
    expect(auditIn(proof)).toMatchObject({
      action: 'user.erased',
      resource: `user/${user.userId}`,
      after: {
        ...{ requestedBy: user.userId, requestedAt: event.timestamp, erased: 3 },
        places: expect.arrayContaining([
          { place: 'schedule: entries', holds: expect.any(String), erased: 1 },
          { place: 'content-publishing: contents', holds: expect.any(String), erased: 1 },
          { place: 'stores: updates', holds: expect.any(String), erased: 1 },
          { place: 'dead-letter-queue: letters', holds: expect.any(String), erased: 0 },
        ]),
      },
    });
    expect(JSON.stringify(proof)).not.toContain('Ada');
    await schedule.cancel([other.scheduled]);
  });

  it('asked for again has nothing left to do, and a replay does nothing', async () => {
    const user = await newUser();
    const event = erasureOf(user.userId);
    await deliver(event);
    expect((await deliver(event)).published).toEqual([]);
    const again = await deliver(erasureOf(user.userId));
    expect(auditIn(again.published[0])).toMatchObject({ action: 'user.erased', after: { erased: 0 } });
  });

  it('that is stopped in the middle of a place goes on there, and its counts survive', async () => {
    const user = await newUser();
    const rounds: string[] = [];
    extra = [
      {
        name: 'test: slow',
        holds: 'Something that takes long',
        erase: async (_userId, { signal }) => {
          rounds.push('slow');
          if (rounds.length > 1) return 5;
          ended.abort();
          signal.throwIfAborted();
          return 0;
        },
      },
    ];
    isTimed = true;
    const first = await deliver(erasureOf(user.userId));
    expect(first.response).toEqual(settled);
    const [next] = first.published;
    if (next === undefined) throw new Error('nothing goes on');
    expect(next).toMatchObject({ eventType: 'user.erasure.requested', payload: { userId: user.userId } });
    expect(await user.left()).toEqual({ updates: 1, contents: 2, scheduled: 0, progress: 1 });
    isTimed = false;
    const second = await deliver(next);
    extra = [];
    expect(await user.left()).toEqual(NOTHING);
    expect(rounds).toEqual(['slow', 'slow']);
    expect(auditIn(second.published[0]).after).toMatchObject({ erased: 8 });
  });

  it('one of whose places fails erases the others, and is delivered again for that one', async () => {
    const user = await newUser();
    let isDown = true;
    extra = [
      {
        name: 'test: down',
        holds: 'Something out of reach',
        erase: async () => {
          if (isDown) throw new TransientError('SERVICE_FAILED', 'down');
          return 1;
        },
      },
    ];
    const event = erasureOf(user.userId);
    const first = await deliver(event);
    expect(first.response.batchItemFailures).toHaveLength(1);
    expect(first.published).toEqual([]);
    expect(await user.left()).toEqual({ ...NOTHING, progress: 1 });
    isDown = false;
    const second = await deliver(event);
    extra = [];
    expect(auditIn(second.published[0]).after).toMatchObject({ erased: 4 });
  });

  it('of a user under a legal hold waits a day, says so, and happens once the hold is lifted', async () => {
    const user = await newUser();
    const { userId } = user;
    const hold = { kind: 'user', subject: userId, reason: 'case 7', since: '2026-01-01T00:00:00.000Z' } as const;
    await putHold(objects, { ...hold, until: '2099-12-31T00:00:00.000Z' });
    // A hold whose time is over holds nothing; this one is renewed.
    await putHold(objects, hold);
    const { response, published } = await deliver(erasureOf(userId));
    expect(response).toEqual(settled);
    expect(published.map(auditIn)).toMatchObject([
      { action: 'user.erasure.postponed', resource: `user/${userId}`, after: { nextTry: '2100-01-02T00:00:00.000Z' } },
    ]);
    expect(await user.left()).toMatchObject({ updates: 1, contents: 2, scheduled: 1 });
    const entry = await entryOf(erasureKey(userId));
    if (entry === undefined) throw new Error('nothing is scheduled');
    expect(entry.dueAt).toBe(NOW + 86_400_000);

    await liftHold(objects, hold);
    const due = await publisher.codec.decode({ ...entry.record, partition: 0, offset: 0, timestamp: 0 });
    const after = await deliver(due);
    expect(auditIn(after.published[0])).toMatchObject({ action: 'user.erased', after: { erased: 3 } });
    expect(await user.left()).toEqual(NOTHING);
    expect(await entryOf(erasureKey(userId))).toBeUndefined();
  });
});
