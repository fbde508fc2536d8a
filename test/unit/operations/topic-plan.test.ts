import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topicSettings } from '../../../lib/catalog/index.ts';
import {
  type ActualTopic,
  type Difference,
  type PlannedTopic,
  planTopics,
} from '../../../lib/operations/topic-plan.ts';

const SETTINGS = ['retention.ms', 'max.message.bytes', 'cleanup.policy', 'min.insync.replicas'];

const planned: fc.Arbitrary<readonly PlannedTopic[]> = fc.uniqueArray(
  fc.record(
    {
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      partitions: fc.integer({ min: 1, max: 8 }),
      retentionMs: fc.constantFrom(1_000, 2_000),
      maxMessageBytes: fc.constantFrom(2_000_000, 3_000_000),
    },
    { requiredKeys: ['name', 'partitions', 'retentionMs'] },
  ),
  { selector: ({ name }) => name },
);

const cluster: fc.Arbitrary<ReadonlyMap<string, ActualTopic>> = fc
  .dictionary(
    fc.constantFrom('a', 'b', 'c', 'x'),
    fc.record({
      partitions: fc.integer({ min: 1, max: 8 }),
      settings: fc.dictionary(fc.constantFrom(...SETTINGS), fc.constantFrom('1000', '2000000', 'compact')),
    }),
    { noNullPrototype: true },
  )
  .map((topics) => new Map(Object.entries(topics)));

/** What a cluster is after the repairs of a plan. */
const repaired = (
  actual: ReadonlyMap<string, ActualTopic>,
  topics: readonly PlannedTopic[],
  plan: readonly Difference[],
): ReadonlyMap<string, ActualTopic> => {
  const after = new Map(actual);
  for (const { topic, what, wanted, repair } of plan) {
    const { partitions, settings } = after.get(topic) ?? { partitions: 0, settings: {} };
    const entry = topics.find(({ name }) => name === topic);
    if (repair === 'create' && entry !== undefined) {
      after.set(topic, { partitions: entry.partitions, settings: topicSettings(entry) });
    } else if (repair === 'grow') after.set(topic, { partitions: Number(wanted), settings });
    else if (repair === 'set') after.set(topic, { partitions, settings: { ...settings, [what]: wanted ?? '' } });
    else if (repair === 'unset') {
      after.set(topic, {
        partitions,
        settings: Object.fromEntries(Object.entries(settings).filter(([name]) => name !== what)),
      });
    }
  }
  return after;
};

describe('a plan', () => {
  it('leaves nothing that could be mended, and partitions too many as they are', () => {
    fc.assert(
      fc.property(planned, cluster, (topics, actual) => {
        const plan = planTopics(topics, actual);
        const left = planTopics(topics, repaired(actual, topics, plan));
        expect(left).toEqual(plan.filter(({ repair }) => repair === 'none'));
      }),
    );
  });

  it('never takes a partition away, and names only what the catalog names', () => {
    fc.assert(
      fc.property(planned, cluster, (topics, actual) => {
        const plan = planTopics(topics, actual);
        for (const [name, { partitions }] of repaired(actual, topics, plan)) {
          expect(partitions).toBeGreaterThanOrEqual(actual.get(name)?.partitions ?? 0);
        }
        expect(plan.every(({ topic }) => topics.some(({ name }) => name === topic))).toBe(true);
      }),
    );
  });

  const topic: PlannedTopic = { name: 'a', partitions: 3, retentionMs: 1_000 };
  const settings = { 'retention.ms': '1000' };

  it('says why too many partitions stay, and what growing does to keys', () => {
    expect(planTopics([topic], new Map([['a', { partitions: 4, settings }]]))).toMatchObject([
      { repair: 'none', actual: '4', wanted: '3', note: expect.stringContaining('Kafka cannot take partitions away') },
    ]);
    expect(planTopics([topic], new Map([['a', { partitions: 2, settings }]]))).toMatchObject([
      { repair: 'grow', note: expect.stringContaining('keys move') },
    ]);
  });

  it('gives back what was set by hand, but not what deployments and reassignments set', () => {
    const byHand = { ...settings, 'cleanup.policy': 'compact', 'min.insync.replicas': '2' };
    expect(planTopics([topic], new Map([['a', { partitions: 3, settings: byHand }]]))).toEqual([
      { topic: 'a', what: 'cleanup.policy', actual: 'compact', wanted: null, repair: 'unset' },
    ]);
  });
});
