import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admissionKeys } from '../../../handlers/bulk-qr-processing/admission.ts';
import { attemptKeys, objectKeys, openBatchKey } from '../../../handlers/bulk-qr-processing/keys.ts';
import { newEventId } from '../../../lib/events/index.ts';
import { testStack } from '../../support/stack.ts';
import {
  batchOf,
  Cut,
  type Delivery,
  filesInZip,
  forget,
  forgetWindows,
  handle,
  idsOf,
  itemLines,
  type Laid,
  lay,
  leftovers,
  openWorld,
  portsOf,
  published,
  run,
  type Seen,
  SMALL,
  type World,
  watchedBy,
} from './world.ts';

const { settings } = testStack();
let world: World;

beforeAll(async () => {
  world = await openWorld(settings, { window: 1 });
});
afterAll(() => world.close());

/** Two chunks, of 400 items and of one, and an item that is none. */
const COUNT = 402;
const layBatch = (): Promise<Laid> =>
  lay(world, { template: SMALL, items: `${itemLines(COUNT - 1)}\n{"id":"bad"}`, itemCount: COUNT });

const expectComplete = async (batchId: string, seen: Seen): Promise<void> => {
  expect(await batchOf(world, batchId)).toMatchObject({
    state: 'completed_with_errors',
    total: COUNT,
    done: COUNT - 1,
    failed: 1,
  });
  expect(new Set(await filesInZip(world, batchId)).size).toBe(COUNT - 1 + 2);
  expect(idsOf(seen.events, 'bulk.qr.generation.completed')).toHaveLength(1);
  expect(idsOf(seen.events, 'bulk.qr.generation.failed')).toEqual([]);
  expect(seen.rejected).toEqual([]);
  expect(await leftovers(world, batchId)).toEqual([]);
};

describe('events delivered one to three times in any order', () => {
  it('make one zip, the right counts, and one completed event', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat({ max: 1_000 })), async (numbers) => {
        const draw = (): number => numbers.next().value ?? 0;
        const { batchId, event } = await layBatch();
        const delivery: Delivery = { copies: () => 1 + (draw() % 3), pick: (waiting) => draw() % waiting };
        await expectComplete(batchId, await run([event], world.ports, delivery));
      }),
      { numRuns: 5 },
    );
  });

  it('fail an invalid batch once, where the harness skips what it has done', async () => {
    const { batchId, event } = await lay(world, { template: SMALL, items: itemLines(1), itemCount: 2 });
    const seen = await run([event], world.ports, { copies: () => 3, marks: true });
    expect(idsOf(seen.events, 'bulk.qr.generation.failed')).toHaveLength(1);
    expect(await batchOf(world, batchId)).toMatchObject({ state: 'failed', attempt: 1 });
  });
});

describe('a function that dies', () => {
  /** Delivers a batch whose every call to a store, publish and update is counted, and dies at call `at`. */
  const cutAt = async (at: number, laid: Laid): Promise<{ seen: Seen; calls: number }> => {
    let calls = 0;
    let isDead = false;
    const tick = (): void => {
      calls += 1;
      isDead ||= calls === at;
      // Dead is dead: whoever catches the first failure gets no further.
      if (isDead) throw new Cut(`cut at call ${at}`);
    };
    const begin = (): void => {
      isDead = false;
    };
    const { redis, objects, ports } = world;
    const watched = portsOf(watchedBy(redis, tick), watchedBy(objects, tick), ports.admissionName, { window: 1 });
    return { seen: await run([laid.event], watched, { begin, tick, marks: true }), calls };
  };

  it('at any call leaves a batch that ends right when its event is delivered again', async () => {
    const { calls } = await cutAt(0, await layBatch());
    expect(calls).toBeGreaterThan(30);
    for (let at = 1; at <= calls; at += 1) {
      const laid = await layBatch();
      const { seen } = await cutAt(at, laid);
      await expectComplete(laid.batchId, seen).catch((error: unknown) => {
        throw new Error(`cut at call ${at} of ${calls}`, { cause: error });
      });
    }
  });

  it('at any call while a batch fails leaves one failure that the user and the dead-letter queue hear of', async () => {
    for (let at = 0, total = 1; at <= total; at += 1) {
      const laid = await lay(world, { template: SMALL, items: itemLines(1), itemCount: 2 });
      const { seen, calls } = await cutAt(at, laid);
      if (at === 0) total = calls;
      expect(await batchOf(world, laid.batchId)).toMatchObject({ state: 'failed' });
      expect(seen.updates.filter(({ type }) => type === 'bulk.qr.failed').length).toBeGreaterThan(0);
      expect(idsOf(seen.events, 'bulk.qr.generation.failed').length).toBeGreaterThan(0);
      expect(seen.rejected).toHaveLength(1);
      expect(await leftovers(world, laid.batchId)).toEqual([]);
    }
  });

  it('after its chunk has failed the batch says so when that chunk comes again, and no other chunk does', async () => {
    const laid = await layBatch();
    const { events } = await handle(laid.event, world.ports);
    const [first] = events.map((followUp) => published(laid.event, followUp));
    if (first === undefined) throw new Error('no chunk is let out');
    const second = { ...first, eventId: newEventId() };
    await world.objects.delete([objectKeys(laid.batchId).plan]);
    const told = await handle(first, world.ports);
    expect(told.events.map(({ type }) => type)).toContain('bulk.qr.generation.failed');
    expect(told.reject?.message).toMatch(/plan of batch .* is no longer there/);
    const other = await handle(second, world.ports);
    expect(other.events.map(({ type }) => type)).not.toContain('bulk.qr.generation.failed');
    const again = await handle(first, world.ports);
    expect(new Set(again.events)).toEqual(new Set(told.events));
    expect(again.reject?.message).toBe(told.reject?.message);
    await forgetWindows(world);
    await world.redis.set(admissionKeys('normal', world.ports.admissionName).epoch, 'test');
  });
});

describe('what the stores lose', () => {
  it('of Redis comes back from the objects, wherever the batch was', async () => {
    for (const state of ['planned', 'rendering', 'assembling'] as const) {
      const laid = await layBatch();
      const seen = await runLosing(laid, state, async () => {
        await forget(world, laid.batchId);
        await forgetWindows(world);
        await world.redis.set(admissionKeys('normal', world.ports.admissionName).epoch, 'test');
      });
      await expectComplete(laid.batchId, seen);
    }
  });

  /** Delivers a batch, and loses something once, right after its state has become `state`. */
  const runLosing = async (laid: Laid, state: string, lose: () => Promise<void>): Promise<Seen> => {
    let lost = false;
    const { redis } = world;
    const ports = {
      ...world.ports,
      redis: new Proxy(redis, {
        get: (target, property) => {
          const value: unknown = Reflect.get(target, property);
          if (property !== 'hmget' || typeof value !== 'function') {
            return typeof value === 'function' ? value.bind(target) : value;
          }
          return async (...args: unknown[]) => {
            const found: unknown = await Reflect.apply(value, target, args);
            if (!lost && Array.isArray(found) && found[1] === state) {
              lost = true;
              await lose();
            }
            return found;
          };
        },
      }),
    };
    const seen = await run([laid.event], ports, { copies: () => 2 });
    expect(lost).toBe(true);
    return seen;
  };

  it('of chunks is rendered again before the zip is made', async () => {
    const laid = await layBatch();
    let dropped = false;
    const objects = new Proxy(world.objects, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property);
        if (property !== 'upload' || typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          if (!dropped) await target.delete([attemptKeys(laid.batchId, 1).chunk(1)]);
          dropped = true;
          return Reflect.apply(value, target, args);
        };
      },
    });
    const seen = await run([laid.event], { ...world.ports, objects });
    expect(dropped).toBe(true);
    await expectComplete(laid.batchId, seen);
  });

  it('of a whole Redis is noticed by the next event of any batch, which lets the waiting ones go on', async () => {
    const lost = await layBatch();
    // Requested and waiting in a list that is gone: no record of it is under way.
    const open = { ...lost.event.payload, requestedAt: lost.event.timestamp, attempt: 1 };
    await world.objects.put(openBatchKey(lost.batchId), JSON.stringify(open));
    await forgetWindows(world);
    const other = await layBatch();
    const seen = await run([other.event], world.ports);
    expect(await batchOf(world, other.batchId)).toMatchObject({ state: 'completed_with_errors' });
    expect(await batchOf(world, lost.batchId)).toMatchObject({ state: 'completed_with_errors', done: COUNT - 1 });
    expect(idsOf(seen.events, 'bulk.qr.generation.completed').length).toBeGreaterThanOrEqual(2);
  });
});
