import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byPartition, Ledger } from '../../../lib/local/functions/ledger.ts';
import { anyBatch, recordOf } from '../../support/source-records.ts';

const records = [recordOf(0, 5), recordOf(0, 8), recordOf(0, 9), recordOf(2, 1)];
const [five, eight, nine, other] = records;
if (!five || !eight || !nine || !other) throw new Error('no records');

describe('a ledger', () => {
  it('moves a partition to the record after the last of an unbroken row of done ones', () => {
    const ledger = new Ledger();
    ledger.open(records);
    expect(ledger.inFlight).toBe(2);
    expect(ledger.settle([eight])).toEqual([]);
    expect(ledger.settle([five])).toEqual([{ partition: 0, offset: 9, finished: false }]);
    expect(ledger.settle([nine, other])).toEqual([
      { partition: 0, offset: 10, finished: true },
      { partition: 2, offset: 2, finished: true },
    ]);
    expect(ledger.inFlight).toBe(0);
  });

  it('takes no notice of what is settled twice or was never opened', () => {
    const ledger = new Ledger();
    ledger.open([five, eight]);
    ledger.settle([five]);
    expect(ledger.settle([five])).toEqual([]);
    expect(ledger.settle([other])).toEqual([]);
  });

  it('never moves past an open record, never back, and ends every partition behind its last record', () => {
    const settled = anyBatch().chain((batch) =>
      fc.tuple(
        fc.constant(batch),
        fc.shuffledSubarray(batch, { minLength: batch.length }),
        fc.integer({ min: 1, max: 5 }),
      ),
    );
    fc.assert(
      fc.property(settled, ([batch, order, step]) => {
        const ledger = new Ledger();
        ledger.open(batch);
        const open = new Set(batch);
        const reached = new Map<number, number>();
        const finished: number[] = [];
        for (let i = 0; i < order.length; i += step) {
          const done = order.slice(i, i + step);
          for (const record of done) open.delete(record);
          for (const move of ledger.settle(done)) {
            expect(move.offset).toBeGreaterThan(reached.get(move.partition) ?? -1);
            reached.set(move.partition, move.offset);
            for (const { partition, offset } of open)
              if (partition === move.partition) expect(offset).toBeGreaterThanOrEqual(move.offset);
            if (move.finished) finished.push(move.partition);
          }
        }
        const groups = byPartition(batch);
        expect(finished.sort()).toEqual([...groups.keys()].sort());
        for (const [partition, group] of groups) expect(reached.get(partition)).toBe((group.at(-1)?.offset ?? 0) + 1);
      }),
    );
  });
});
