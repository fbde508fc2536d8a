import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ENVIRONMENT_NAMES,
  type Environment,
  environment,
  PRICES,
  TOPIC_NAMES,
  TOPICS,
} from '../../../lib/catalog/index.ts';
import { ANALYTICS_WINDOWS as windows } from '../../../lib/cli/analytics-windows.ts';
import { capacityText } from '../../../lib/cli/capacity-text.ts';
import { capacityOf, type Mix, SIMULATED_MIX } from '../../../lib/operations/capacity/index.ts';
import { withEverything } from '../infra/everything.ts';

const prod = environment('prod');

const amounts = fc.double({ min: 1, max: 1e12, noNaN: true });
const peaks = fc.double({ min: 1, max: 100, noNaN: true });
const environments = fc.constantFrom(...ENVIRONMENT_NAMES).map(environment);
const mixes: fc.Arbitrary<Mix> = fc
  .array(fc.integer({ min: 0, max: 1_000 }), { minLength: TOPIC_NAMES.length, maxLength: TOPIC_NAMES.length })
  .filter((shares) => shares.some((share) => share > 0))
  .map((shares) => Object.fromEntries(TOPIC_NAMES.map((name, i) => [name, shares[i] ?? 0])));
const parts = {
  environment: environments,
  mix: fc.option(mixes, { nil: undefined }),
  peak: peaks,
  windows: fc.constant(windows),
};
const questions = fc.record({ ...parts, eventsPerDay: amounts });

/** A load takes some milliseconds to reckon. */
const RUNS = { numRuns: 30 };

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const almost = (value: number, expected: number): void =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(expected)));

describe('capacity', () => {
  it('shares out all events, and adds up', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const found = capacityOf(question);
        almost(sum(found.topics.map(({ eventsPerDay }) => eventsPerDay)), question.eventsPerDay);
        almost(sum(found.topics.map(({ concurrency }) => concurrency)), found.concurrency);
        expect(sum(found.topics.map(({ pollers }) => pollers))).toBe(found.pollers.peak);
        const rest = sum(found.costs.map(({ usd }) => usd));
        almost(found.usd.express, rest + found.kafka.express.usd);
        almost(found.usd.standard, rest + found.kafka.standard.usd);
        expect(found.kafka.partitions).toBe(106);
      }),
      RUNS,
    );
  });

  it('needs and costs never less for more events', () => {
    fc.assert(
      fc.property(questions, fc.double({ min: 1, max: 1_000, noNaN: true }), (question, times) => {
        const less = capacityOf(question);
        const more = capacityOf({ ...question, eventsPerDay: question.eventsPerDay * times });
        for (const of of [
          ({ usd }: typeof less) => usd.express,
          ({ usd }: typeof less) => usd.standard,
          ({ pollers }: typeof less) => pollers.unitsPeak,
          ({ concurrency }: typeof less) => concurrency,
          ({ cache }: typeof less) => cache.bytes,
          ({ bindsFirst }: typeof less) => bindsFirst.used,
        ]) {
          expect(of(more)).toBeGreaterThanOrEqual(of(less) * (1 - 1e-3));
        }
      }),
      RUNS,
    );
  });

  it('needs more at a higher peak, and costs the same but for the brokers and the nodes of a cache', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const flat = capacityOf({ ...question, peak: 1 });
        const steep = capacityOf(question);
        expect(steep.concurrency).toBeGreaterThanOrEqual(flat.concurrency * (1 - 1e-9));
        expect(steep.kafka.express.brokers).toBeGreaterThanOrEqual(flat.kafka.express.brokers);
        const others = ({ costs }: typeof flat) => costs.filter(({ what }) => !what.startsWith('Cache'));
        for (const [i, { usd }] of others(steep).entries()) almost(usd, others(flat)[i]?.usd ?? 0);
        expect(steep.cache.serverless).toEqual(flat.cache.serverless);
        expect(steep.cache.nodes.usd).toBeGreaterThanOrEqual(flat.cache.nodes.usd);
      }),
      RUNS,
    );
  });

  it('says of a limit where it binds: there all of it is taken, by the topic and kind that were named', () => {
    fc.assert(
      fc.property(
        fc.record({ ...parts, eventsPerDay: fc.double({ min: 1e5, max: 1e11, noNaN: true }) }),
        (question) => {
          const { bindsFirst } = capacityOf(question);
          const there = capacityOf({ ...question, eventsPerDay: bindsFirst.bindsAt });
          // Some keys are there once, however much goes on.
          expect(Math.abs(there.bindsFirst.used - 1)).toBeLessThan(0.02);
          for (const { used } of [...there.shared, ...there.topics.map(({ bound }) => bound)])
            expect(used).toBeLessThanOrEqual(1.02);
        },
      ),
      RUNS,
    );
  });

  it('keeps a poller for each topic, of a mapping in provisioned mode, even when nothing happens', () => {
    const { pollers, topics } = capacityOf({ environment: prod, eventsPerDay: 1, windows, peak: 1 });
    expect(pollers).toEqual({ peak: TOPICS.length, mean: TOPICS.length, unitsPeak: 2, unitsMean: 2 });
    expect(topics.every(({ pollers: count }) => count === 1)).toBe(true);
  });

  it('counts the workers of connectors where there are some, for as long as they are there', () => {
    const workers = (environment: Environment) =>
      capacityOf({ environment, eventsPerDay: 1e6, windows, peak: 5 }).costs.find(
        ({ what }) => what === 'Connect workers',
      )?.usd;
    expect(workers(prod)).toBeUndefined();
    // Four workers of one unit each.
    expect(workers(withEverything(prod))).toBeCloseTo(4 * 730 * PRICES.connectUnit.usd);
  });

  it('counts codes and users, which follow from the scans unless they are given', () => {
    const known = { environment: prod, eventsPerDay: 1e8, windows, peak: 5 };
    const found = capacityOf(known);
    almost(found.codes, found.scansPerDay / 300);
    almost(found.users, found.codes / 20);
    const given = capacityOf({ ...known, codes: 1e6, users: 5e4 });
    expect([given.codes, given.users]).toEqual([1e6, 5e4]);
    expect(given.cache.bytes).toBeGreaterThan(found.cache.bytes);
    // More codes make more rows of rollups, which are events too.
    expect(given.scansPerDay).toBeLessThan(found.scansPerDay);
  });

  it('refuses users who alone would make more than all events', () => {
    expect(() => capacityOf({ environment: prod, eventsPerDay: 1e6, users: 1e6, windows, peak: 5 })).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: expect.stringContaining('1000000 users make 20000000 records'),
      }),
    );
  });

  it('takes the cheaper cache into the bill, and prices both', () => {
    for (const eventsPerDay of [1e5, 1e8]) {
      const { cache, costs } = capacityOf({ environment: prod, eventsPerDay, windows, peak: 5 });
      const [paid] = costs.filter(({ what }) => what.startsWith('Cache'));
      expect(paid?.usd).toBe(Math.min(cache.serverless.usd, cache.nodes.usd));
      expect(cache.cheaper).toBe(eventsPerDay === 1e5 ? 'serverless' : 'nodes');
      almost(sum(cache.groups.map(({ bytes }) => bytes)), cache.bytes);
      expect(cache.nodes.nodes).toBe(2 * cache.nodes.shards);
    }
  });

  it('needs less for shorter windows', () => {
    const longer = { ...windows, minute: 172_800, hour: 5_184_000, day: 63_072_000 };
    const known = { environment: prod, eventsPerDay: 1e9, peak: 5 };
    expect(capacityOf({ ...known, windows }).cache.bytes).toBeLessThan(
      capacityOf({ ...known, windows: longer }).cache.bytes / 4,
    );
  });

  it('reckons a simulated day where it is asked to', () => {
    const { topics } = capacityOf({ environment: prod, eventsPerDay: 1e6, mix: SIMULATED_MIX, windows, peak: 5 });
    const payments = topics.find(({ topic }) => topic === 'payment-events');
    expect(Math.round(payments?.eventsPerDay ?? 0)).toBe(18_800);
  });

  it('names the prices nobody has checked', () => {
    const { unchecked } = capacityOf({ environment: prod, eventsPerDay: 1e6, windows, peak: 5 });
    expect(unchecked).toContain('expressStorage');
    expect(unchecked.every((name) => !PRICES[name].checked)).toBe(true);
  });

  it('costs at most 10,000 dollars a month for a billion events a day, with everything counted', () => {
    expect(capacityOf({ environment: prod, eventsPerDay: 1e9, windows, peak: 5 }).usd.express).toBeLessThan(10_000);
  });

  it('is told with a row for every topic, both kinds of brokers, and what binds first', () => {
    const found = capacityOf({ environment: prod, eventsPerDay: 1e9, windows, peak: 5 });
    const text = capacityText(found, 5).join('\n');
    for (const { name } of TOPICS) expect(text).toContain(`\n${name} `);
    for (const part of [
      'express.m7g.large',
      'kafka.m7g.large',
      'Event poller units',
      'Together',
      'Counters by hour',
      'Serverless',
      '← cheaper',
    ])
      expect(text).toContain(part);
    expect(text).toMatch(/✗ Binds first in prod: cache .*, at [\d.]+ million events a day\.\n {2}Raised by cache\./);
  });
});
