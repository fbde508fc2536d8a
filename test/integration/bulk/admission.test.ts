import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ADMISSION_DEFAULTS,
  type Admission,
  type AdmissionSettings,
  admissionOf,
  type PlanTask,
  type Settled,
  type Task,
} from '../../../handlers/bulk-qr-processing/admission.ts';
import { openRedis, type Redis } from '../../../lib/stores/redis.ts';
import { testStack } from '../../support/stack.ts';
import {
  ageLeases,
  batchOf,
  forget,
  forgetWindows,
  handle,
  idsOf,
  itemLines,
  lay,
  leftovers,
  minuteEvent,
  openWorld,
  published,
  run,
  SMALL,
} from './world.ts';

const { settings } = testStack();
let redis: Redis;

beforeAll(() => {
  redis = openRedis(settings);
});
afterAll(() => redis.disconnect());

const windowOf = (options: Partial<AdmissionSettings>, name = `test-${randomUUID()}`): Admission =>
  admissionOf(redis, 'normal', { ...ADMISSION_DEFAULTS, ...options, name });

const range = (batchId: string, to: number) => ({ batchId, userId: 'u', from: 0, to });
const planOf = (batchId: string): PlanTask => ({ kind: 'plan', batchId, userId: 'u', templateId: 't', itemCount: 1 });
const named = (tasks: readonly Task[]): string[] =>
  tasks.map((task) => `${task.batchId}${task.kind === 'plan' ? 'plan' : task.chunk}`);
const admittedBy = ({ admitted }: Settled): string[] => named(admitted);

describe('the admission window', () => {
  it('lets out as many tasks as are wide, and the next one for each that ends', async () => {
    const window = windowOf({ window: 3 });
    const first = await window.settle('c1', { enqueue: [range('a', 4)] });
    expect(admittedBy(first)).toEqual(['a0', 'a1', 'a2']);
    expect(admittedBy(await window.settle('c2', { enqueue: [] }))).toEqual([]);
    expect(admittedBy(await window.settle('c3', { release: first.admitted[1] ?? planOf('none') }))).toEqual(['a3']);
  });

  it('lets batches take turns, however large the one before is', async () => {
    const window = windowOf({ window: 2 });
    const settled = await window.settle('c1', { enqueue: [range('a', 99)] });
    await window.settle('c2', { enqueue: [range('b', 1), range('c', 0)] });
    const order: string[] = [];
    const waiting = [...settled.admitted];
    for (let i = 0; order.length < 6; i++) {
      const release = waiting.shift();
      if (release === undefined) break;
      const { admitted } = await window.settle(`r${i}`, { release });
      waiting.push(...admitted);
      order.push(...named(admitted));
    }
    expect(order).toEqual(['a2', 'b0', 'c0', 'a3', 'b1', 'a4']);
  });

  it('gives one cause the same answer again, and changes nothing by it', async () => {
    const window = windowOf({ window: 2 });
    const first = await window.settle('c1', { enqueue: [range('a', 9)] });
    expect(await window.settle('c1', { enqueue: [range('a', 9)] })).toEqual(first);
    expect(admittedBy(await window.settle('c2', {}))).toEqual([]);
  });

  it('takes a new batch in only when nothing waits before it', async () => {
    const window = windowOf({ window: 1 });
    expect(await window.admit('c1', planOf('a'))).toBe(true);
    expect(await window.admit('c2', planOf('b'))).toBe(false);
    expect(await window.admit('c3', planOf('c'))).toBe(false);
    expect(admittedBy(await window.settle('c4', { release: planOf('a') }))).toEqual(['bplan']);
    // Its event comes back: it has its place.
    expect(await window.admit('c5', planOf('b'))).toBe(true);
  });

  it('publishes a task again whose lease ran out, and gives it up in the end', async () => {
    const window = windowOf({ window: 1, leaseMs: 0, leases: 3 });
    const seen: string[][] = [];
    for (let i = 0; i < 4; i++) {
      const { admitted, abandoned } = await window.settle(`c${i}`, { enqueue: i === 0 ? [range('a', 0)] : [] });
      seen.push([named(admitted).join(), named(abandoned).join()]);
    }
    expect(seen).toEqual([
      ['a0', ''],
      ['a0', ''],
      ['a0', ''],
      ['', 'a0'],
    ]);
  });

  it('does not lose what was given up while a batch entered', async () => {
    const window = windowOf({ window: 1, leaseMs: 0, leases: 1 });
    await window.settle('c1', { enqueue: [range('a', 0)] });
    await window.admit('c2', planOf('b'));
    const { abandoned } = await window.settle('c3', {});
    expect(named(abandoned)).toContain('a0');
  });

  it('of one class takes no place from that of the other', async () => {
    const name = `test-${randomUUID()}`;
    const normal = windowOf({ window: 2 }, name);
    const high = admissionOf(redis, 'high', { ...ADMISSION_DEFAULTS, window: 2, name });
    await normal.settle('c1', { enqueue: [range('a', 999)] });
    expect(admittedBy(await high.settle('c2', { enqueue: [range('h', 1)] }))).toEqual(['h0', 'h1']);
  });
});

describe('a batch', () => {
  it('of high priority overtakes the backlog of normal ones', async () => {
    const world = await openWorld(settings, { window: 1 });
    const layOf = (priority: 'normal' | 'high') =>
      lay(world, { template: SMALL, items: itemLines(401), itemCount: 401, priority });
    const normal = await Promise.all([layOf('normal'), layOf('normal'), layOf('normal')]);
    const high = await layOf('high');
    const { updates } = await run(
      [...normal, high].map(({ event }) => event),
      world.ports,
    );
    const ends = updates.filter(({ type }) => type === 'bulk.qr.completed').map(({ userId }) => userId);
    expect(ends).toHaveLength(4);
    // Only the one that had its turn already may end before.
    expect(ends.indexOf(high.userId)).toBeLessThanOrEqual(1);
    world.close();
  });

  it('whose chunk is lost goes on when its lease has run out, by whatever comes next', async () => {
    const world = await openWorld(settings, { window: 1 });
    const lost = await lay(world, { template: SMALL, items: itemLines(2), itemCount: 2 });
    // The chunk's record is never delivered: a dead letter of a function that ran out of memory, say.
    await handle(lost.event, world.ports);
    await ageLeases(world);
    const next = await lay(world, { template: SMALL, items: itemLines(1), itemCount: 1 });
    await run([next.event], world.ports);
    expect(await batchOf(world, lost.batchId)).toMatchObject({ state: 'completed', done: 2 });
    expect(await batchOf(world, next.batchId)).toMatchObject({ state: 'completed', done: 1 });
    expect(await leftovers(world, lost.batchId)).toEqual([]);
    world.close();
  });

  it('that is given up fails with a reason, and its user hears of it', async () => {
    const world = await openWorld(settings, { window: 1, leases: 1 });
    const lost = await lay(world, { template: SMALL, items: itemLines(2), itemCount: 2 });
    await handle(lost.event, world.ports);
    await ageLeases(world);
    const next = await lay(world, { template: SMALL, items: itemLines(1), itemCount: 1 });
    const seen = await run([next.event], world.ports, { marks: true, copies: () => 2 });
    expect(await batchOf(world, lost.batchId)).toMatchObject({
      state: 'failed',
      reason: 'The batch was given up: chunk 0 could not be rendered in several attempts',
    });
    expect(seen.updates.filter(({ userId }) => userId === lost.userId).map(({ type }) => type)).toEqual([
      'bulk.qr.failed',
    ]);
    expect(idsOf(seen.events, 'bulk.qr.generation.failed')).toHaveLength(1);
    expect(await batchOf(world, next.batchId)).toMatchObject({ state: 'completed' });
    world.close();
  });
});

describe('a batch that nothing else would wake', () => {
  it('goes on within a minute of its lease running out, though no other batch comes', async () => {
    const world = await openWorld(settings, { window: 1 });
    for (const priority of ['normal', 'high'] as const) {
      const lost = await lay(world, { template: SMALL, items: itemLines(2), itemCount: 2, priority });
      await handle(lost.event, world.ports);
      const early = await run([minuteEvent()], world.ports);
      expect(early.events).toEqual([]);
      await ageLeases(world, priority);
      await run([minuteEvent()], world.ports, { marks: true, copies: () => 2 });
      expect(await batchOf(world, lost.batchId)).toMatchObject({ state: 'completed', done: 2 });
      expect(await leftovers(world, lost.batchId)).toEqual([]);
    }
    world.close();
  });

  it('is given up by the minute, and its user hears of it', async () => {
    const world = await openWorld(settings, { window: 1, leases: 1 });
    const lost = await lay(world, { template: SMALL, items: itemLines(2), itemCount: 2 });
    await handle(lost.event, world.ports);
    await ageLeases(world);
    const seen = await run([minuteEvent()], world.ports);
    expect(await batchOf(world, lost.batchId)).toMatchObject({ state: 'failed' });
    expect(idsOf(seen.events, 'bulk.qr.generation.failed')).toHaveLength(1);
    world.close();
  });

  it('is assembled when the record that asked for it was lost, once it has had its time', async () => {
    const world = await openWorld(settings);
    const lost = await lay(world, { template: SMALL, items: itemLines(2), itemCount: 2 });
    const { events } = await handle(lost.event, world.ports);
    const [chunk] = events.map((followUp) => published(lost.event, followUp));
    if (chunk === undefined) throw new Error('no chunk was let out');
    // Its follow-up, the assembly, is never delivered.
    await handle(chunk, world.ports);
    expect(await batchOf(world, lost.batchId)).toMatchObject({ state: 'assembling' });
    const later = (minutes: number) => ({
      ...world.ports,
      now: () => new Date(Date.now() + minutes * 60_000).toISOString(),
    });
    // Other tests' batches lie in the same bucket; only this one is looked at.
    const asked = async (minutes: number) =>
      (await handle(minuteEvent(), later(minutes))).events.filter(({ payload }) =>
        'batchId' in payload ? payload.batchId === lost.batchId : false,
      );
    expect(await asked(0)).toEqual([]);
    expect(await asked(9)).toEqual([]);
    const [assembly] = await asked(11);
    expect(assembly).toMatchObject({ type: 'bulk.qr.assembly.requested' });
    expect(await asked(12)).toEqual([]);
    if (assembly !== undefined) await run([published(minuteEvent(), assembly)], world.ports);
    expect(await batchOf(world, lost.batchId)).toMatchObject({ state: 'completed', done: 2 });
    world.close();
  });

  it('comes back when Redis has lost everything and no event is under way', async () => {
    const world = await openWorld(settings, { window: 1 });
    const lost = await lay(world, { template: SMALL, items: itemLines(2), itemCount: 2 });
    await handle(lost.event, world.ports);
    await forget(world, lost.batchId);
    await forgetWindows(world);
    const { events } = await handle(minuteEvent(), world.ports);
    expect(events.map(({ payload }) => ('batchId' in payload ? payload.batchId : ''))).toContain(lost.batchId);
    await run(
      events
        .map((followUp) => published(minuteEvent(), followUp))
        .filter(({ payload }) => 'batchId' in payload && payload.batchId === lost.batchId),
      world.ports,
    );
    expect(await batchOf(world, lost.batchId)).toMatchObject({ state: 'completed', done: 2 });
    world.close();
  });
});
