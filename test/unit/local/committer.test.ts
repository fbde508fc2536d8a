import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Committer } from '../../../lib/local/functions/committer.ts';
import { Counters } from '../../../lib/local/functions/counters.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = (): void => expect.unreachable('the group is not lost');

/** A coordinator that takes a commit when the test says so. */
const coordinator = () => {
  const asked: [number, number][][] = [];
  const answers: { take: () => void; refuse: () => void }[] = [];
  const commit = (offsets: ReadonlyMap<number, number>) =>
    new Promise<void>((resolve, reject) => {
      asked.push([...offsets]);
      answers.push({ take: resolve, refuse: () => reject(new Error('rebalancing')) });
    });
  return { asked, answers, commit };
};

describe('a committer', () => {
  it('has one request under way; what is reached meanwhile travels together with the next', async () => {
    const { asked, answers, commit } = coordinator();
    const committer = new Committer(commit, new Counters(), never);
    committer.reached(0, 5);
    committer.reached(0, 7);
    committer.reached(1, 2);
    committer.reached(0, 9);
    expect(asked).toEqual([[[0, 5]]]);
    answers[0]?.take();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked[1]).toEqual([
      [0, 9],
      [1, 2],
    ]);
    answers[1]?.take();
    await committer.flush();
    expect(asked).toHaveLength(2);
  });

  it('tries a refused commit again, with what was reached since', async () => {
    const { asked, answers, commit } = coordinator();
    const counters = new Counters();
    const committer = new Committer(commit, counters, never);
    committer.polled(0, 0, 20);
    committer.reached(0, 5);
    committer.reached(1, 1);
    answers[0]?.refuse();
    committer.reached(0, 8);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked[1]).toEqual([
      [0, 8],
      [1, 1],
    ]);
    answers[1]?.take();
    await committer.flush();
    expect(counters.get('CommitErrorCount')).toBe(1);
    expect(counters.get('CommittedEventCount')).toBe(8);
    expect(committer.lags()).toEqual([12]);
  });

  it('commits nothing more once it is abandoned, and its flush ends', async () => {
    const { asked, answers, commit } = coordinator();
    const committer = new Committer(commit, new Counters(), never);
    committer.reached(0, 5);
    committer.abandon();
    committer.reached(0, 6);
    answers[0]?.refuse();
    const flushed = committer.flush();
    await vi.advanceTimersByTimeAsync(5_000);
    await flushed;
    committer.reached(0, 7);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(1);
  });

  it('has the group joined anew once nothing has been taken for 30 s, and commits nothing more', async () => {
    const lost: unknown[] = [];
    let asked = 0;
    const committer = new Committer(
      async () => {
        asked += 1;
        throw new Error(`refused ${asked}`);
      },
      new Counters(),
      (error) => lost.push(error),
    );
    committer.reached(0, 5);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(lost).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    await committer.flush();
    expect(lost).toEqual([new Error(`refused ${asked}`)]);
    committer.reached(0, 6);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lost).toHaveLength(1);
  });

  it('only ever commits growing offsets, the last one at the end, however often it is refused', async () => {
    const moves = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 9 }), fc.boolean()), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(moves, async (steps) => {
        const reached = new Map<number, number>();
        const committed = new Map<number, number>();
        const refusals = steps.map(([, , refused]) => refused);
        const committer = new Committer(
          async (offsets) => {
            for (const [partition, offset] of offsets) {
              expect(offset).toBeGreaterThan(committed.get(partition) ?? 0);
            }
            if (refusals.pop()) throw new Error('refused');
            for (const [partition, offset] of offsets) committed.set(partition, offset);
          },
          new Counters(),
          never,
        );
        for (const [partition, by, wait] of steps) {
          const offset = (reached.get(partition) ?? 0) + by;
          reached.set(partition, offset);
          committer.reached(partition, offset);
          if (wait) await vi.advanceTimersByTimeAsync(50);
        }
        await vi.advanceTimersByTimeAsync(60_000);
        expect(committed).toEqual(reached);
      }),
      { numRuns: 50 },
    );
  });
});
