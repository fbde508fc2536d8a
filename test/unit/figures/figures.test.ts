import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchFigures, batchFiguresIn } from '../../../lib/operations/figures/batch-figures.ts';
import { functionLogs } from '../../../lib/operations/figures/function-logs.ts';
import { History, SLOT_SECONDS, SLOTS } from '../../../lib/operations/figures/history.ts';
import { Latencies } from '../../../lib/operations/figures/latencies.ts';
import { BOUNDS, Totals } from '../../../lib/operations/figures/totals.ts';

const lineOf = (time: number, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ _aws: { Timestamp: time }, service: 'analytics-events', BatchSize: 1, RecordsDone: 1, ...more });

const batch = (time: number, more: Partial<BatchFigures> = {}): BatchFigures => ({
  time,
  topic: 'analytics-events',
  counts: { done: 1, skipped: 0, dead: 0, failed: 0, held: 0 },
  latencies: [10],
  ...more,
});

const NOW = 1_800_000_000_000;

describe('lines of a function’s log', () => {
  it('tell a batch in embedded metric format, one latency or a list of them', () => {
    expect(batchFiguresIn(lineOf(NOW, { EndToEndLatency: 93 }))?.latencies).toEqual([93]);
    const found = batchFiguresIn(lineOf(NOW, { RecordsDone: 2, RecordsDeadLettered: 1, EndToEndLatency: [5, 7] }));
    expect(found).toMatchObject({ time: NOW, counts: { done: 2, dead: 1, failed: 0 }, latencies: [5, 7] });
  });

  it('tell nothing when they are something else, whatever it is', () => {
    expect(batchFiguresIn('START RequestId: 1')).toBeUndefined();
    expect(batchFiguresIn('{"_aws":')).toBeUndefined();
    expect(
      batchFiguresIn(JSON.stringify({ _aws: { Timestamp: 1 }, service: 'dead-letter-queue', DeadLetters: 1 })),
    ).toBeUndefined();
    fc.assert(fc.property(fc.json(), (json) => batchFiguresIn(json) === undefined));
  });
});

describe('latencies', () => {
  it('give quantiles within a tenth, and never past the largest bucket', () => {
    const values = fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
        const latencies = new Latencies();
        for (const ms of all) latencies.add(ms);
        const sorted = [...all].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(share * all.length) - 1] ?? 0;
        const found = latencies.quantile(share) ?? -1;
        expect(Math.abs(found - exact)).toBeLessThanOrEqual((exact + 1) * 0.1);
      }),
    );
  });

  it('are the same whether counted in one or in two that are merged', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000)), fc.array(fc.nat(10_000)), (some, others) => {
        const [one, two, together] = [new Latencies(), new Latencies(), new Latencies()];
        for (const ms of some) one.add(ms);
        for (const ms of others) two.add(ms);
        for (const ms of [...some, ...others]) together.add(ms);
        one.merge(two);
        expect(one.quantile(0.5)).toBe(together.quantile(0.5));
      }),
    );
  });

  it('have no quantile while there is none', () => expect(new Latencies().quantile(0.99)).toBeNull());
});

describe('the history', () => {
  it('holds a quarter of an hour, whatever comes when', () => {
    const times = fc.array(fc.integer({ min: NOW - 3_600_000, max: NOW + 60_000 }));
    fc.assert(
      fc.property(times, (all) => {
        const history = new History();
        for (const time of all) history.add(batch(time), NOW);
        const slots = history.since(0, NOW);
        expect(slots).toHaveLength(SLOTS);
        const first = slots[0]?.time ?? 0;
        const last = (slots.at(-1)?.time ?? 0) + SLOT_SECONDS;
        const within = all.filter((time) => time >= first * 1_000 && time < last * 1_000);
        expect(slots.reduce((sum, { all: { done } }) => sum + done, 0)).toBe(within.length);
      }),
    );
  });

  it('counts dead letters and failures as errors, and weighs the latencies that a batch has told', () => {
    const history = new History();
    history.add(
      batch(NOW, { counts: { done: 200, skipped: 5, dead: 2, failed: 1, held: 3 }, latencies: [10, 1_000] }),
      NOW,
    );
    const { all, topics } = history.lately(15, NOW);
    expect(all).toMatchObject({ done: 200, errors: 3 });
    expect(topics['analytics-events']).toEqual(all);
    expect(all.p50).toBeLessThan(20);
    expect(all.p99).toBeGreaterThan(900);
  });

  it('knows levels only of the slots in which somebody looked', () => {
    const history = new History();
    history.note({ lag: { a: 1 }, published: {}, memory: {} }, NOW);
    expect(history.since(NOW / 1_000 - 6, NOW).map(({ levels }) => levels?.lag.a)).toEqual([undefined, undefined, 1]);
  });
});

it('totals only grow, and each record is in one bucket', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { maxLength: 99 }), (latencies) => {
      const totals = new Totals();
      totals.add(
        batch(NOW, { counts: { done: latencies.length, skipped: 0, dead: 0, failed: 0, held: 0 }, latencies }),
      );
      const { buckets = [], observed } = totals.topics.get('analytics-events') ?? {};
      expect(buckets).toHaveLength(BOUNDS.length + 1);
      expect(buckets.reduce((sum, each) => sum + each, 0)).toBe(observed);
      expect(observed).toBe(latencies.length);
    }),
  );
});

it('each line of the logs is read once, also one that was half written, and a log that begins anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-figures-'));
  try {
    const path = join(folder, 'analytics-events.log');
    const logs = functionLogs(folder);
    const look = async (): Promise<number[]> => {
      const times: number[] = [];
      await logs.look(({ time }) => times.push(time));
      return times;
    };
    expect(await functionLogs(join(folder, 'none')).look(() => undefined)).toBeUndefined();
    await writeFile(path, `START\n${lineOf(1)}\n${lineOf(2).slice(0, 20)}`);
    expect(await look()).toEqual([1]);
    expect(await look()).toEqual([]);
    await appendFile(path, `${lineOf(2).slice(20)}\n${lineOf(3)}\n`);
    expect(await look()).toEqual([2, 3]);
    await writeFile(path, `${lineOf(4)}\n`);
    expect(await look()).toEqual([4]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
