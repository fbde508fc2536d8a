import { TOPICS, type TopicName } from '../../catalog/index.ts';
import type { Admin } from '../../kafka/index.ts';
import { catalogProgress } from '../groups.ts';
import { invokeErrors } from '../mappings.ts';
import type { Entry } from './book.ts';

/** How far the groups have come, and how long records took to be committed. */
export interface Progress {
  /** Watches a record that was published. */
  published(entry: Entry): void;
  /** Asks the broker where the groups are, and the functions host how many invocations have failed. */
  look(admin: Admin): Promise<void>;
  /** Milliseconds for which every group that is behind has not moved; 0 while none is behind. */
  stuckMs(): number;
  /** Records not yet committed, of each topic; Infinity before the first look. */
  lagOf(topic: TopicName): number;
  publishedTo(topic: TopicName): number;
  /** Invocations that have ended in an error since the first look. */
  errorsOf(topic: TopicName): number;
  committedOf(topic: TopicName): number;
  /** Milliseconds from publishing to commit, of the watched records that are committed. */
  latenciesOf(topic: TopicName): readonly number[];
}

interface Watched {
  lag: number;
  published: number;
  committed: number;
  /** Of each partition what is not committed yet, in order of acknowledgement. */
  readonly waiting: Map<number, Entry[]>;
  readonly latencies: number[];
}

/** @param functionsUrl the functions host */
export const progress = (functionsUrl: string): Progress => {
  const topics = new Map<string, Watched>(
    TOPICS.map(({ name }) => [
      name,
      { lag: Number.POSITIVE_INFINITY, published: 0, committed: 0, waiting: new Map(), latencies: [] },
    ]),
  );
  const of = (topic: string): Watched => {
    const found = topics.get(topic);
    if (found === undefined) throw new RangeError(`${topic} is not watched`);
    return found;
  };
  let errorsBefore: ReadonlyMap<string, number> | undefined;
  let errors: ReadonlyMap<string, number> = new Map();
  /** Of each partition with records that are not committed: where its group is, and since when. */
  const behind = new Map<string, { readonly committed: number; readonly since: number }>();
  return {
    published: (entry) => {
      const watched = of(entry.topic);
      watched.published += 1;
      const waiting = watched.waiting.get(entry.partition) ?? [];
      watched.waiting.set(entry.partition, waiting);
      waiting.push(entry);
    },
    look: async (admin) => {
      // A host that is away for a while is no reason to stop watching.
      const failures = invokeErrors(functionsUrl).catch(() => errors);
      const [partitions, failed] = await Promise.all([catalogProgress(admin), failures]);
      errorsBefore ??= failed;
      errors = failed;
      const now = Date.now();
      for (const { name } of TOPICS) {
        const own = partitions.filter(({ topic }) => topic === name);
        const watched = of(name);
        watched.lag = own.reduce((sum, { lag }) => sum + lag, 0);
        for (const { partition, committed } of own) settle(watched, partition, committed ?? 0, now);
      }
      for (const { topic, partition, committed, lag } of partitions) {
        const place = `${topic}/${partition}`;
        if (lag === 0) behind.delete(place);
        else if (behind.get(place)?.committed !== (committed ?? 0)) {
          behind.set(place, { committed: committed ?? 0, since: now });
        }
      }
    },
    stuckMs: () => (behind.size === 0 ? 0 : Date.now() - Math.max(...[...behind.values()].map(({ since }) => since))),
    lagOf: (topic) => of(topic).lag,
    publishedTo: (topic) => of(topic).published,
    errorsOf: (topic) => Math.max(0, (errors.get(topic) ?? 0) - (errorsBefore?.get(topic) ?? 0)),
    committedOf: (topic) => of(topic).committed,
    latenciesOf: (topic) => of(topic).latencies,
  };
};

const settle = (watched: Watched, partition: number, committed: number, now: number): void => {
  const waiting = watched.waiting.get(partition) ?? [];
  const left = waiting.filter(({ offset, at }) => {
    if (offset >= committed) return true;
    watched.committed += 1;
    watched.latencies.push(now - at);
    return false;
  });
  watched.waiting.set(partition, left);
};
