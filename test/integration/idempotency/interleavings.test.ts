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

/** What may happen, in any order. */
const step: fc.Arbitrary<(mapping: Mapping) => unknown> = fc.oneof(
  { weight: 8, arbitrary: key.map((one) => (mapping: Mapping) => mapping.publish(one, 'good')) },
  { weight: 1, arbitrary: key.map((one) => (mapping: Mapping) => mapping.publish(one, 'poison')) },
  { weight: 1, arbitrary: key.map((one) => (mapping: Mapping) => mapping.publishAgain(one)) },
  {
    weight: 1,
    arbitrary: fc.tuple(key, fc.integer({ min: 1, max: 9 })).map(
      ([one, n]) =>
        (m: Mapping) =>
          m.gap(one, n),
    ),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(which, delivery).map(
      ([n, how]) =>
        (mapping: Mapping) =>
          mapping.deliver(n, how),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('request' as const, 'answer' as const), fc.integer({ min: 0, max: 4 })).map(
      ([lost, after]) =>
        (mapping: Mapping) =>
          mapping.fail(lost, after),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(which, fc.nat(20)).map(
      ([n, to]) =>
        (mapping: Mapping) =>
          mapping.rewind(n, to),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(which, fc.nat(5)).map(
      ([n, by]) =>
        (mapping: Mapping) =>
          mapping.skip(n, by),
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }).map((n) => (mapping: Mapping) => mapping.redrive(n)) },
  { weight: 1, arbitrary: fc.constant((mapping: Mapping) => mapping.addPartition()) },
  { weight: 1, arbitrary: fc.constant(made) },
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
  it('every event takes effect once, at its own key and at others, when all dead letters are redriven', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const mapping = newMapping();
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
      { numRuns: Number(process.env.QR_RUNS ?? 60), ...replayed },
    );
  });
});
