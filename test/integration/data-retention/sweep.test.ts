import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { objectsUnder, STEPS } from '../../../handlers/data-retention/steps.ts';
import { sweepWith } from '../../../handlers/data-retention/sweep.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import { writeUnlessThere } from '../../../lib/idempotency/index.ts';
import { sideBySide } from '../../../lib/side-by-side.ts';
import {
  type DeadLetter,
  keepLetter,
  letterWrites,
  originalKey,
  readLetter,
} from '../../../lib/stores/dead-letters/index.ts';
import { liftHold, putHold } from '../../../lib/stores/holds.ts';
import { auditIn, hurried, sweepOf, world } from './world.ts';

const folder = `test/${randomUUID()}/`;
let turns = Number.POSITIVE_INFINITY;
let down = false;
const failing = objectsUnder(folder);
const sweep = sweepWith({
  steps: {
    ...STEPS,
    batches: async (...args) => {
      if (down) throw new TransientError('OBJECT_STORE_UNAVAILABLE', 'down');
      return failing(...args);
    },
  },
  reserveMs: 1_000,
});
const { connections, redis, objects, deliver } = world({
  'retention.sweep.requested': (event, context) => sweep(event, hurried(context, turns)),
  'user.erasure.requested': () => undefined,
});
afterAll(() => closeConnections(connections));

const DONE = { batchItemFailures: [] };
/** From here everything that is written now is older than any policy allows. */
const later = (): string => new Date(Date.now() + 400 * 86_400_000).toISOString();
const fill = (names: readonly string[]) => sideBySide(names, 50, (name) => objects.put(`${folder}${name}`, 'x'));
const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i).padStart(5, '0'));

describe('a sweep of objects', () => {
  it('of more than a listing holds stops in time, goes on where it was, and counts them all, without what is held', async () => {
    const userId = randomUUID();
    await fill([...numbered(1_050), `${userId}/a`, 'held/b']);
    const since = new Date().toISOString();
    const holds = [
      { kind: 'user', subject: userId, reason: 'case 1', since },
      { kind: 'prefix', subject: `${folder}held/`, reason: 'case 2', since },
    ] as const;
    for (const hold of holds) await putHold(objects, hold);

    turns = 1;
    const first = await deliver(sweepOf('batches', later()));
    expect(first.response).toEqual(DONE);
    const [next] = first.published;
    if (next === undefined) throw new Error('nothing goes on');
    expect(next).toMatchObject({ eventType: 'retention.sweep.requested', payload: { policy: 'batches' } });
    expect(await objects.list(folder)).toHaveLength(52);
    turns = Number.POSITIVE_INFINITY;
    const second = await deliver(next);
    expect(second.published.map(auditIn)).toMatchObject([
      { action: 'retention.swept', resource: 'policy/batches', after: { deleted: 1_050, held: 2 } },
    ]);
    expect(await objects.list(folder)).toEqual([`${folder}${userId}/a`, `${folder}held/b`].sort());
    for (const hold of holds) await liftHold(objects, hold);
    const third = await deliver(sweepOf('batches', later()));
    expect(third.published.map(auditIn)).toMatchObject([{ after: { deleted: 2, held: 0 } }]);
  });

  it('spares what is not old enough, and a replay does nothing', async () => {
    await fill(['young']);
    const event = sweepOf('batches', new Date().toISOString());
    expect((await deliver(event)).published.map(auditIn)).toMatchObject([{ after: { deleted: 0, held: 0 } }]);
    expect(await deliver(event)).toEqual({ response: DONE, published: [], reasons: [] });
    expect(await objects.list(folder)).toEqual([`${folder}young`]);
  });

  it('that meets an outage is delivered again, and does its work then', async () => {
    const event = sweepOf('batches', later());
    down = true;
    expect((await deliver(event)).response.batchItemFailures).toHaveLength(1);
    down = false;
    expect((await deliver(event)).published.map(auditIn)).toMatchObject([{ after: { deleted: 1 } }]);
  });
});

describe('a sweep of dead letters', () => {
  const letter = (name: string): DeadLetter => ({
    ...{ id: `sweep-${name}-${randomUUID()}`, shape: 'ours', topic: 'a', partition: 0, offset: 1, consumer: 'c' },
    ...{ errorClass: 'permanent', code: 'SWEPT', message: '', attempts: 1, redriveCount: 0, redrivable: true },
    ...{ firstFailure: '2020-01-01T00:00:00.000Z', lastFailure: '2020-01-01T00:00:00.000Z' },
  });

  it('takes them with their records, except those of users that are held', async () => {
    const held = randomUUID();
    const [old, heldLetter] = [letter('old'), letter('held')];
    for (const [each, users] of [
      [old, [randomUUID()]],
      [heldLetter, [randomUUID(), held]],
    ] as const) {
      await keepLetter(objects, { letter: each, users, original: { key: null, value: null, headers: [] } });
      await writeUnlessThere(redis, `test:{dlq}:${each.id}`, letterWrites(each, { status: 'open', users }));
    }
    const hold = { kind: 'user', subject: held, reason: 'case 3', since: '2020-01-01T00:00:00.000Z' } as const;
    await putHold(objects, hold);
    const { published } = await deliver(sweepOf('dead-letters', new Date().toISOString()));
    expect(auditIn(published[0])).toMatchObject({ after: { deleted: 1, held: 1 } });
    expect(await readLetter(redis, old.id)).toBeUndefined();
    expect(await objects.head(originalKey(old.id))).toBeUndefined();
    expect(await readLetter(redis, heldLetter.id)).toMatchObject({ status: 'open' });
    await liftHold(objects, hold);
    await deliver(sweepOf('dead-letters', new Date().toISOString()));
    expect(await readLetter(redis, heldLetter.id)).toBeUndefined();
  });
});

describe('a sweep that nobody can do', () => {
  it('is a dead letter that says what there is', async () => {
    const { response, published, reasons } = await deliver(
      sweepOf('everything', later()),
      sweepOf('batches', later(), 'x'),
    );
    expect({ response, published }).toEqual({ response: DONE, published: [] });
    expect(reasons.toSorted()).toEqual(['"x" is no cursor of a sweep.', 'There is no retention policy "everything".']);
  });
});
