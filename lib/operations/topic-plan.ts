import { type Topic, topicSettings } from '../catalog/index.ts';

/** What of the catalog's entry of a topic is to be found in the cluster. */
export type PlannedTopic = Pick<Topic, 'partitions' | 'retentionMs' | 'maxMessageBytes'> & { readonly name: string };

/** A topic as the cluster has it. */
export interface ActualTopic {
  readonly partitions: number;
  /** Settings of the topic's own, not the broker's defaults. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * How a difference is mended: `create` makes the topic, `grow` adds partitions, `set` sets a setting, `unset` gives one
 * back to the broker's default; nothing mends `none`.
 */
export type Repair = 'create' | 'grow' | 'set' | 'unset' | 'none';

/** One thing in which the cluster differs from the catalog. */
export interface Difference {
  readonly topic: string;
  /** `topic`, `partitions`, or the name of a setting. */
  readonly what: string;
  /** Null: there is none. */
  readonly actual: string | null;
  readonly wanted: string | null;
  readonly repair: Repair;
  /** What follows from it, or why nothing mends it. */
  readonly note?: string;
}

/** Settings that others set on purpose: the deployment for its replicas, a reassignment while it runs, tiered storage. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'min.insync.replicas',
  'leader.replication.throttled.replicas',
  'follower.replication.throttled.replicas',
  'remote.storage.enable',
  'local.retention.ms',
  'local.retention.bytes',
]);

const partitionDifference = (topic: PlannedTopic, actual: number): Difference => {
  const base = { topic: topic.name, what: 'partitions', actual: String(actual), wanted: String(topic.partitions) };
  return actual < topic.partitions
    ? {
        ...base,
        repair: 'grow',
        note: 'keys move to other partitions: records of a key that wait now may be overtaken by later ones',
      }
    : {
        ...base,
        repair: 'none',
        note: 'Kafka cannot take partitions away: raise the number in lib/catalog/topics.ts, or back the topic up, delete it and start',
      };
};

/** In what a topic differs from its entry in the catalog. */
const differencesOf = (topic: PlannedTopic, actual: ActualTopic | undefined): readonly Difference[] => {
  if (actual === undefined) {
    const wanted = `${topic.partitions} partitions`;
    return [{ topic: topic.name, what: 'topic', actual: null, wanted, repair: 'create' }];
  }
  const wanted = topicSettings(topic);
  const names = new Set([
    ...Object.keys(wanted),
    ...Object.keys(actual.settings).filter((name) => !NOT_OURS.has(name)),
  ]);
  const settings = [...names].flatMap((name): Difference[] => {
    const [is, shouldBe] = [actual.settings[name] ?? null, wanted[name] ?? null];
    if (is === shouldBe) return [];
    return [
      { topic: topic.name, what: name, actual: is, wanted: shouldBe, repair: shouldBe === null ? 'unset' : 'set' },
    ];
  });
  return [
    ...(actual.partitions === topic.partitions ? [] : [partitionDifference(topic, actual.partitions)]),
    ...settings,
  ];
};

/**
 * In what a cluster differs from the catalog; topics that the catalog does not name are nobody's business here.
 *
 * @param actual the cluster's topics by name
 */
export const planTopics = (
  topics: readonly PlannedTopic[],
  actual: ReadonlyMap<string, ActualTopic>,
): readonly Difference[] => topics.flatMap((topic) => differencesOf(topic, actual.get(topic.name)));
