import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batcher, type BatcherLimits } from '../../../lib/local/functions/batcher.ts';
import { byPartition } from '../../../lib/local/functions/ledger.ts';
import type { SourceRecord } from '../../../lib/local/functions/record.ts';
import { nameOf, recordOf } from '../../support/source-records.ts';

const limits = (some: Partial<BatcherLimits> = {}): BatcherLimits => ({
  batchSize: 10,
  windowMs: 0,
  batchBytes: 1_000_000,
  partitionBytes: 30,
  ...some,
});
const records = (partition: number, count: number, from = 0): SourceRecord[] =>
  Array.from({ length: count }, (_, i) => recordOf(partition, from + i));

describe('a batcher', () => {
  it('gives a batch as soon as it is full, whatever the window', () => {
    const batcher = new Batcher(limits({ batchSize: 3, windowMs: 5_000 }));
    batcher.push(0, records(0, 2), 0);
    expect(batcher.take(0)).toBeUndefined();
    batcher.push(1, records(1, 2), 0);
    expect(batcher.take(0)?.map(nameOf)).toEqual(['0@0', '0@1', '1@0']);
  });

  it('gives what there is once the window of the oldest record has passed', () => {
    const batcher = new Batcher(limits({ windowMs: 1_000 }));
    batcher.push(0, records(0, 1), 100);
    batcher.push(1, records(1, 1), 900);
    expect(batcher.dueAt()).toBe(1_100);
    expect(batcher.take(1_099)).toBeUndefined();
    expect(batcher.take(1_100)).toHaveLength(2);
    expect(batcher.dueAt()).toBe(Number.POSITIVE_INFINITY);
  });

  it('with a window of 0 waits for nothing', () => {
    const batcher = new Batcher(limits());
    batcher.push(0, records(0, 1), 7);
    expect(batcher.take(7)).toHaveLength(1);
  });

  it('cuts a batch at its bytes, frame included, and does not wait for more then', () => {
    const [one] = records(0, 1);
    const each = one?.bytes ?? 0;
    const batcher = new Batcher(limits({ windowMs: 5_000, batchBytes: 3 * each + 30 }));
    batcher.push(0, records(0, 6), 0);
    expect(batcher.take(0)).toHaveLength(3);
  });

  it('lets a record that fits no batch out, alone', () => {
    const batcher = new Batcher(limits({ batchBytes: 400 }));
    batcher.push(0, [recordOf(0, 0), recordOf(0, 1, { value: 'x'.repeat(1_000) }), recordOf(0, 2)], 0);
    const sizes: number[] = [];
    for (let batch = batcher.take(0); batch; batch = batcher.take(0)) {
      sizes.push(batch.length);
      batcher.release(0);
    }
    expect(sizes).toEqual([1, 1, 1]);
  });

  it('has one batch of a partition in flight, while other partitions go on', () => {
    const batcher = new Batcher(limits({ batchSize: 2 }));
    batcher.push(0, records(0, 4), 0);
    expect(batcher.take(0)?.map(nameOf)).toEqual(['0@0', '0@1']);
    expect(batcher.take(0)).toBeUndefined();
    batcher.push(1, records(1, 1), 0);
    expect(batcher.take(0)?.map(nameOf)).toEqual(['1@0']);
    batcher.release(0);
    expect(batcher.take(0)?.map(nameOf)).toEqual(['0@2', '0@3']);
  });

  it('spreads a backlog: the partition that waits longest is served first', () => {
    const batcher = new Batcher(limits({ batchSize: 2 }));
    for (const partition of [0, 1]) batcher.push(partition, records(partition, 4), 0);
    expect(batcher.take(0)?.map(nameOf)).toEqual(['0@0', '0@1']);
    batcher.release(0);
    expect(batcher.take(0)?.map(nameOf)).toEqual(['1@0', '1@1']);
  });

  it('forgets on clear what no batch holds, but keeps a partition busy whose batch is in flight', () => {
    const batcher = new Batcher(limits({ batchSize: 1 }));
    batcher.push(0, records(0, 3), 0);
    batcher.take(0);
    batcher.clear();
    expect(batcher.backlog()).toEqual({ records: 0, bytes: 0 });
    batcher.push(0, records(0, 1, 50), 0);
    expect(batcher.take(0)).toBeUndefined();
    batcher.release(0);
    expect(batcher.take(0)?.map(nameOf)).toEqual(['0@50']);
  });

  const step = fc.oneof(
    fc.record({ push: fc.integer({ min: 0, max: 4 }), count: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ tick: fc.integer({ min: 0, max: 300 }) }),
    fc.constant({ take: true }),
    fc.record({ release: fc.nat() }),
  );

  it('over any run of pushes, takes and releases loses, doubles and reorders nothing, and keeps its limits', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 80 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 300, max: 3_000 }),
        (steps, batchSize, batchBytes) => {
          const batcher = new Batcher(limits({ batchSize, batchBytes, windowMs: 100 }));
          const pushed = new Map<number, number>();
          const taken = new Map<number, number[]>();
          const flying: SourceRecord[][] = [];
          let now = 0;
          const take = () => {
            const batch = batcher.take(now);
            if (!batch) return false;
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(batchSize);
            const groups = byPartition(batch);
            const bytes = batch.reduce((sum, record) => sum + record.bytes, 0) + 30 * groups.size;
            if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(batchBytes);
            for (const [partition, group] of groups) {
              for (const other of flying) expect(other.some((record) => record.partition === partition)).toBe(false);
              taken.set(partition, [...(taken.get(partition) ?? []), ...group.map(({ offset }) => offset)]);
            }
            expect([...groups.values()].flat()).toEqual(batch);
            flying.push([...batch]);
            return true;
          };
          const release = (at: number) => {
            const [batch = []] = flying.splice(at, 1);
            for (const partition of byPartition(batch).keys()) batcher.release(partition);
          };
          for (const does of steps) {
            if ('push' in does) {
              const from = pushed.get(does.push) ?? 0;
              batcher.push(does.push, records(does.push, does.count, from), now);
              pushed.set(does.push, from + does.count);
            } else if ('tick' in does) now += does.tick;
            else if ('take' in does) take();
            else if (flying.length > 0) release(does.release % flying.length);
          }
          now += 1_000;
          do while (flying.length > 0) release(0);
          while (take());
          expect(batcher.backlog()).toEqual({ records: 0, bytes: 0 });
          for (const [partition, count] of pushed) expect(taken.get(partition)).toEqual([...Array(count).keys()]);
        },
      ),
    );
  });
});
