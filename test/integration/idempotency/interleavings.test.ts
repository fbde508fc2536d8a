import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delivery, LARGEST_BATCH, newMapping } from './mapping-model.ts';

type Mapping = ReturnType<typeof newMapping>;

const KEYS = ['a', 'b', 'c'] as const;
const key = fc.constantFrom(...KEYS);
const which = fc.integer({ min: 0, max: 3 });
const delivery: fc.Arbitrary<Delivery> = fc.record({
  size: fc.integer({ min: 1, max: LARGEST_BATCH }),
  isBisected: fc.boolean(),
  diesFirst: fc.boolean(),
  tries: fc.integer({ min: 1, max: 3 }),
});

type Step = (mapping: Mapping) => unknown;

/** A step that a counterexample shows with what it was called with. */
const step = <T extends unknown[]>(
  weight: number,
  name: string,
  given: { readonly [I in keyof T]: fc.Arbitrary<T[I]> },
  run: (mapping: Mapping, ...args: T) => unknown,
): { weight: number; arbitrary: fc.Arbitrary<Step> } => ({
  weight,
  arbitrary: fc.tuple<T>(...given).map((args) => {
    const one: Step = (mapping) => run(mapping, ...args);
    return Object.assign(one, { [fc.toStringMethod]: () => `${name}(${fc.stringify(args).slice(1, -1)})` });
  }),
});

/** What may happen, in any order. */
const STEPS: fc.Arbitrary<Step> = fc.oneof(
  step(8, 'publish', [key], (mapping, one) => mapping.publish(one, 'good')),
  step(1, 'poison', [key], (mapping, one) => mapping.publish(one, 'poison')),
  step(1, 'publishAgain', [key], (mapping, one) => mapping.publishAgain(one)),
  step(1, 'gap', [key, fc.integer({ min: 1, max: 9 })], (mapping, one, length) => mapping.gap(one, length)),
  step(8, 'deliver', [which, delivery], (mapping, n, how) => mapping.deliver(n, how)),
  step(
    2,
    'fail',
    [fc.constantFrom<'request' | 'answer'>('request', 'answer'), fc.integer({ min: 0, max: 4 })],
    (mapping, lost, after) => mapping.fail(lost, after),
  ),
  step(1, 'rewind', [which, fc.nat(20)], (mapping, n, to) => mapping.rewind(n, to)),
  step(1, 'skip', [which, fc.nat(5)], (mapping, n, by) => mapping.skip(n, by)),
  step(1, 'redrive', [fc.integer({ min: 1, max: 2 })], (mapping, times) => mapping.redrive(times)),
  step(1, 'addPartition', [], (mapping) => mapping.addPartition()),
  step(1, 'makeAnew', [], (mapping) => made(mapping)),
);

const CALM: Delivery = { size: LARGEST_BATCH, isBisected: false, diesFirst: false, tries: 3 };

/** Delivers everything, from the beginning of each log on. */
async function drain(mapping: Mapping): Promise<void> {
  for (let i = 0; i < mapping.partitions(); i++) mapping.rewind(i, 0);
  while (mapping.waiting()) {
    for (let i = 0; i < mapping.partitions(); i++) await mapping.deliver(i, CALM);
  }
}

/** The topic is made anew once nothing waits on it. */
async function made(mapping: Mapping): Promise<void> {
  await drain(mapping);
  mapping.makeAnew();
}

/** A run that failed is replayed with the seed it printed. */
const seed = process.env.QR_SEED;
const replayed = seed === undefined ? {} : { seed: Number(seed) };

describe('whatever is delivered, in whatever order, however often', () => {
  it.each(['per record', 'aggregated'] as const)(
    '%s, every event takes effect once, at its own key and at others, when all dead letters are redriven',
    async (strategy) => {
      await fc.assert(
        fc.asyncProperty(fc.array(STEPS, { minLength: 5, maxLength: 40 }), async (steps) => {
          const mapping = newMapping(strategy);
          try {
            for (const one of steps) await one(mapping);
            await drain(mapping);
            mapping.mend();
            for (let rounds = 0; mapping.deadLetters() > 0 && rounds < 50; rounds++) {
              while (mapping.deadLetters() > 0) mapping.redrive(1);
              await drain(mapping);
            }
            const effects = await mapping.effects();
            expect(Object.values(effects).filter((counts) => counts !== '1 1 1')).toEqual([]);
            // Replayed once more from the beginning, nothing changes.
            await drain(mapping);
            expect(await mapping.effects()).toEqual(effects);
          } finally {
            await mapping.dispose();
          }
        }),
        { numRuns: Number(process.env.QR_RUNS ?? 40), ...replayed },
      );
    },
  );
});
