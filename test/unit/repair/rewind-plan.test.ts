import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  planFromBackup,
  planSince,
  type RepairedPosition,
  replayedBy,
} from '../../../lib/operations/repair/rewind-plan.ts';

const NOTHING = { high: -1, first: -1, repairedTo: 0, appliedAgain: 0 };

/** A partition of 1,000 records whose group has processed 900, all of which the cache knows. */
const position = (other: Partial<RepairedPosition> = {}): RepairedPosition => ({
  topic: 'payment-events',
  group: 'payment-processors',
  partition: 0,
  begin: 0,
  end: 1_000,
  committed: 900,
  isMovedByHand: false,
  known: { ...NOTHING, high: 899, first: 899 },
  ...other,
});

describe('a replay since a time', () => {
  it('goes from the first record at that time to where the group stands', () => {
    const { rewinds, gaps } = planSince([position()], () => 700);
    expect(rewinds).toMatchObject([{ partition: 0, from: 900, to: 700, upTo: 900, note: null }]);
    expect(rewinds.map(replayedBy)).toEqual([200]);
    expect(gaps).toEqual([]);
  });

  it('goes back to the last delivery at least: what it did may be lost', () => {
    const known = { ...NOTHING, high: 899, first: 890 };
    expect(planSince([position({ known })], () => null).rewinds).toMatchObject([{ to: 890 }]);
  });

  it('goes back to what the cache knows where that is before the time', () => {
    const known = { ...NOTHING, high: 499, first: 495 };
    expect(planSince([position({ known })], () => 700).rewinds).toMatchObject([
      { to: 495, note: 'the cache is not sure of what came later' },
    ]);
  });

  it('goes back to before a loss that was noticed, although the cache has been told of later records', () => {
    const [rewind] = planSince([position({ loss: { known: 499, at: '2026-01-31T08:00:00.000Z' } })], () => 700).rewinds;
    expect(rewind?.to).toBeLessThan(500);
  });

  it('never takes a group forward, and leaves alone what came before', () => {
    expect(
      planSince([position({ committed: 100, known: { ...NOTHING, high: 99, first: 99 } })], () => 700).rewinds,
    ).toMatchObject([{ from: 100, to: 99 }]);
    expect(planSince([position({ committed: 0, known: NOTHING })], () => 0).rewinds).toEqual([]);
  });

  it('replays by the time alone where the cache knows nothing', () => {
    expect(planSince([position({ known: NOTHING })], () => 700)).toMatchObject({ rewinds: [{ to: 700 }], gaps: [] });
  });

  it('names what Kafka has deleted of what was lost', () => {
    const known = { ...NOTHING, high: 499, first: 495 };
    const { rewinds, gaps } = planSince([position({ begin: 600, known })], () => 700);
    expect(rewinds).toMatchObject([{ to: 600 }]);
    expect(gaps).toEqual([{ topic: 'payment-events', partition: 0, from: 500, to: 600 }]);
  });

  it('ends where an interrupted one was to end', () => {
    const known = { ...NOTHING, high: 899, first: 650, repairedTo: 900 };
    expect(planSince([position({ committed: 700, known })], () => 800).rewinds).toMatchObject([
      { from: 700, to: 700, upTo: 900 },
    ]);
  });

  it('stays within the partition, and never leaves out a record the cache does not know', () => {
    const offset = fc.integer({ min: 0, max: 2_000 });
    fc.assert(
      fc.property(offset, offset, offset, offset, offset, (begin, length, read, high, time) => {
        const end = begin + length;
        const committed = Math.min(end, begin + read);
        const known = { ...NOTHING, high: high - 1, first: Math.max(-1, high - 10) };
        const { rewinds, gaps } = planSince([position({ begin, end, committed, known })], () => time);
        for (const { to, upTo, from } of rewinds) {
          expect(to).toBeGreaterThanOrEqual(begin);
          expect(to).toBeLessThan(upTo);
          expect(from).toBe(committed);
        }
        if (high > 0 && high < committed) {
          const replayed = rewinds[0]?.to ?? committed;
          const missing = gaps[0]?.to ?? high;
          expect(Math.max(Math.min(replayed, missing), high)).toBe(Math.max(missing, high));
          expect(replayed).toBeLessThanOrEqual(Math.max(high, begin));
        }
      }),
    );
  });
});

describe('a replay on a backup', () => {
  it('goes from where its groups stood', () => {
    expect(planFromBackup([position()], () => 400)).toMatchObject({
      rewinds: [{ from: 900, to: 400, upTo: 900, note: null }],
      gaps: [],
    });
  });

  it('leaves a group alone that has not moved since', () => {
    expect(planFromBackup([position()], () => 900)).toEqual({ rewinds: [], gaps: [] });
  });

  it('replays all of what the backup does not have', () => {
    expect(planFromBackup([position({ begin: 50 })], () => undefined).rewinds).toMatchObject([
      { to: 50, note: 'not in the backup: from the first record' },
    ]);
  });

  it('replays all of a topic that was deleted and made again', () => {
    expect(planFromBackup([position({ end: 950 })], () => 5_000).rewinds).toMatchObject([{ to: 0 }]);
  });

  it('names what Kafka has deleted since', () => {
    expect(planFromBackup([position({ begin: 600 })], () => 400)).toMatchObject({
      rewinds: [{ to: 600 }],
      gaps: [{ from: 400, to: 600 }],
    });
    expect(planFromBackup([position({ begin: 1_000, committed: 900 })], () => 400)).toMatchObject({
      rewinds: [],
      gaps: [{ from: 400, to: 900 }],
    });
  });
});
