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
import { capacityText } from '../../../lib/cli/capacity-text.ts';
import { capacityOf, DEFAULT_MIX, type Mix } from '../../../lib/operations/capacity/index.ts';
import { withEverything } from '../infra/everything.ts';

const prod = environment('prod');

const amounts = fc.double({ min: 1, max: 1e12, noNaN: true });
const peaks = fc.double({ min: 1, max: 100, noNaN: true });
const environments = fc.constantFrom(...ENVIRONMENT_NAMES).map(environment);
const mixes: fc.Arbitrary<Mix> = fc
  .array(fc.integer({ min: 0, max: 1_000 }), { minLength: TOPIC_NAMES.length, maxLength: TOPIC_NAMES.length })
  .filter((shares) => shares.some((share) => share > 0))
  .map((shares) => Object.fromEntries(TOPIC_NAMES.map((name, i) => [name, shares[i] ?? 0])));
const questions = fc.record({ environment: environments, eventsPerDay: amounts, mix: mixes, peak: peaks });

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
          expect(of(more)).toBeGreaterThanOrEqual(of(less) * (1 - 1e-9));
        }
      }),
    );
  });

  it('needs more at a higher peak, and costs the same but for the brokers', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const flat = capacityOf({ ...question, peak: 1 });
        const steep = capacityOf(question);
        expect(steep.concurrency).toBeGreaterThanOrEqual(flat.concurrency * (1 - 1e-9));
        expect(steep.kafka.express.brokers).toBeGreaterThanOrEqual(flat.kafka.express.brokers);
        for (const [i, { usd }] of steep.costs.entries()) almost(usd, flat.costs[i]?.usd ?? 0);
      }),
    );
  });

  it('says of a limit where it binds: there all of it is taken, by the topic and kind that were named', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const { bindsFirst } = capacityOf(question);
        const there = capacityOf({ ...question, eventsPerDay: bindsFirst.bindsAt });
        almost(there.bindsFirst.used, 1);
        expect([there.bindsFirst.limit, there.bindsFirst.topic]).toEqual([bindsFirst.limit, bindsFirst.topic]);
        for (const { used } of [...there.shared, ...there.topics.map(({ bound }) => bound)])
          expect(used).toBeLessThanOrEqual(1 + 1e-6);
      }),
    );
  });

  it('keeps a poller for each topic, of a mapping in provisioned mode, even when nothing happens', () => {
    const { pollers, topics } = capacityOf({ environment: prod, eventsPerDay: 1, mix: DEFAULT_MIX, peak: 1 });
    expect(pollers).toEqual({ peak: TOPICS.length, mean: TOPICS.length, unitsPeak: 2, unitsMean: 2 });
    expect(topics.every(({ pollers: count }) => count === 1)).toBe(true);
  });

  it('counts the workers of connectors where there are some, for as long as they are there', () => {
    const workers = (environment: Environment) =>
      capacityOf({ environment, eventsPerDay: 1e6, mix: DEFAULT_MIX, peak: 5 }).costs.find(
        ({ what }) => what === 'Connect workers',
      )?.usd;
    expect(workers(prod)).toBeUndefined();
    // Four workers of one unit each.
    expect(workers(withEverything(prod))).toBeCloseTo(4 * 730 * PRICES.connectUnit.usd);
  });

  it('names the prices nobody has checked', () => {
    const { unchecked } = capacityOf({ environment: prod, eventsPerDay: 1e6, mix: DEFAULT_MIX, peak: 5 });
    expect(unchecked).toContain('expressStorage');
    expect(unchecked.every((name) => !PRICES[name].checked)).toBe(true);
  });

  it('is told with a row for every topic, both kinds of brokers, and what binds first', () => {
    const found = capacityOf({ environment: prod, eventsPerDay: 1e8, mix: DEFAULT_MIX, peak: 5 });
    const text = capacityText(found, 5).join('\n');
    for (const { name } of TOPICS) expect(text).toContain(`\n${name} `);
    for (const part of ['express.m7g.large', 'kafka.m7g.large', 'Event poller units', 'Together'])
      expect(text).toContain(part);
    expect(text).toMatch(
      /✗ Binds first in prod: cache memory, at \d+ million events a day\.\n {2}Raised by cache\.gigabytes/,
    );
  });
});
