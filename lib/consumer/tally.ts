import type { EventType } from '../catalog/index.ts';
import { type EventOf, positionOf } from '../events/index.ts';
import { commitTogether, MARKS_TOGETHER, type SharedWrite } from '../stores/counting.ts';
import { hashTag, markKey } from '../stores/marks.ts';
import type { BatchPorts, Work } from './batch.ts';
import type { BatchContext } from './context.ts';
import { recordFailure } from './failure-history.ts';
import { type Item, isUnfinished, type Result } from './item.ts';
import { lanesOf } from './lanes.ts';
import { workRecord } from './worker.ts';

/** What an event adds to what is kept of an owner: a code, a user. */
export interface Addition<Part> {
  /** Its hash tag is that of the keys which {@link Tally.writes} writes. */
  readonly owner: string;
  readonly part: Part;
}

/**
 * How events of a type are counted, a whole batch together. Only sums that do not ask for order can be made so: every
 * addition takes effect once, in whatever company.
 */
export interface Tally<Type extends EventType, Part> {
  readonly type: Type;
  /**
   * What an event adds; the same each time it is asked, to the same owners in the same order.
   *
   * @throws PermanentError: the event goes to the dead-letter queue and the others are counted
   */
  readonly additions: (event: EventOf<Type>, context: BatchContext) => Promise<readonly Addition<Part>[]>;
  /** What must be known before anything is counted; done at least once, and before each try. */
  readonly announce: (parts: readonly Part[], context: BatchContext) => Promise<void>;
  /** What is written for several additions to one owner; in one script with the marks of all of them. */
  readonly writes: (parts: readonly Part[]) => readonly SharedWrite[];
}

/** A record and what it adds. */
interface Entry<Part> {
  readonly item: Item;
  readonly doneMark: string;
  readonly additions: readonly Addition<Part>[];
}

/** What an entry adds to one owner, under a mark. */
interface Share<Part> {
  readonly entry: Entry<Part>;
  readonly tag: string;
  readonly mark: string;
  readonly parts: readonly Part[];
}

const HOUR = 3_600;

/**
 * Counts the events of a batch together. Additions to other owners than the record's key come first, each under a mark of
 * its own; then those to the owner of the key, with the mark "done". One script an owner, all of them on the wire at once.
 */
export const tallied =
  <Type extends EventType, Part>(tally: Tally<Type, Part>): Work =>
  async (items, ports, became) => {
    const { topic, redis, objects, deadline, observation } = ports;
    const { remainingMs, signal, within } = deadline;
    const context: BatchContext = { redis, objects, remainingMs, signal, logger: observation.logger };
    const lanes = new Map(
      lanesOf(items, topic.ordering).flatMap((lane) => lane.slice(0, 1).map((item) => [item, lane])),
    );
    /** The same event may be in the batch twice: then all its records meet one fate. */
    const settle = (item: Item, result: Result): void => {
      for (const one of lanes.get(item) ?? [item]) {
        became(one, one === item || isUnfinished(result) ? result : 'skipped');
      }
    };
    const lost = new Set<Entry<Part>>();
    const fail = async (all: readonly Entry<Part>[], error: unknown): Promise<void> => {
      // What several owners are told of may fail at each of them.
      const failed = all.filter((entry) => !lost.has(entry) && lost.add(entry));
      const [first] = failed;
      if (first === undefined) return;
      observation.failed(first.item, error, 'failed');
      for (const { item } of failed) settle(item, 'failed');
      const now = new Date().toISOString();
      await Promise.all(failed.map(({ item }) => recordFailure(redis, topic.consumerGroup, positionOf(item), now)));
    };
    /** Commits shares owner by owner. @returns the entries whose mark was set already */
    const committed = async (shares: readonly Share<Part>[]): Promise<ReadonlySet<Entry<Part>>> => {
      const before = new Set<Entry<Part>>();
      const work = groupsOf(shares).map(async (group) => {
        try {
          for (const { entry } of await commitShares(group, tally, ports)) before.add(entry);
        } catch (error) {
          await fail(
            group.map(({ entry }) => entry),
            error,
          );
        }
      });
      try {
        await within(Promise.all(work));
      } catch (error) {
        // Out of time: what has been counted all the same is known by its mark.
        await fail(
          shares.map(({ entry }) => entry),
          error,
        );
      }
      return before;
    };

    const entries = await entriesOf([...lanes.keys()], tally, context, ports, settle);
    try {
      signal.throwIfAborted();
      await within(
        tally.announce(
          entries.flatMap(({ additions }) => additions.map(({ part }) => part)),
          context,
        ),
      );
      signal.throwIfAborted();
    } catch (error) {
      await fail(entries, error);
      return;
    }
    await committed(entries.flatMap((entry) => sharesElsewhere(entry, topic.consumerGroup)));
    const ready = entries.filter((entry) => !lost.has(entry));
    const before = await committed(ready.map(ownShare));
    for (const entry of ready) {
      if (!lost.has(entry)) settle(entry.item, before.has(entry) ? 'skipped' : 'done');
    }
  };

const entriesOf = async <Type extends EventType, Part>(
  items: readonly Item[],
  { type, additions }: Tally<Type, Part>,
  context: BatchContext,
  ports: BatchPorts,
  settle: (item: Item, result: Result) => void,
): Promise<readonly Entry<Part>[]> => {
  const isCounted = (event: EventOf): event is EventOf<Type> => event.eventType === type;
  const found = await Promise.all(
    items.map(async (item): Promise<Entry<Part> | undefined> => {
      const { read, doneMark } = item;
      if (typeof read === 'string' || !('event' in read) || !isCounted(read.event) || doneMark === undefined)
        return undefined;
      try {
        return { item, doneMark, additions: await additions(read.event, context) };
      } catch (error) {
        const rejected = () => Promise.reject(error);
        settle(item, await workRecord(item, { ...ports, dispatch: rejected }));
        return undefined;
      }
    }),
  );
  return found.filter((entry) => entry !== undefined);
};

/** What an entry adds to others than the owner of its record's key. */
const sharesElsewhere = <Part>(entry: Entry<Part>, group: string): readonly Share<Part>[] => {
  const { item, doneMark, additions } = entry;
  const id = doneMark.slice(markKey(item.tag, group, '').length);
  return additions.flatMap(({ owner, part }, place) => {
    const tag = hashTag(owner);
    return tag === item.tag ? [] : [{ entry, tag, mark: markKey(tag, group, `${id}#${place}`), parts: [part] }];
  });
};

/** What is written with the mark "done": nothing but the mark, where the record has a strange key. */
const ownShare = <Part>(entry: Entry<Part>): Share<Part> => {
  const { tag } = entry.item;
  const parts = entry.additions.flatMap(({ owner, part }) => (hashTag(owner) === tag ? [part] : []));
  return { entry, tag, mark: entry.doneMark, parts };
};

/** By hash tag, and none too large for a script. */
const groupsOf = <Part>(shares: readonly Share<Part>[]): readonly (readonly Share<Part>[])[] => {
  const byTag = new Map<string, Share<Part>[]>();
  for (const share of shares) {
    const group = byTag.get(share.tag);
    if (group === undefined) byTag.set(share.tag, [share]);
    else group.push(share);
  }
  return [...byTag.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / MARKS_TOGETHER) }, (_, i) =>
      group.slice(i * MARKS_TOGETHER, (i + 1) * MARKS_TOGETHER),
    ),
  );
};

/**
 * Writes what several shares add to an owner. Those that turn out to be marked are left out and the rest tried again: another
 * invocation may be at work on the same records.
 *
 * @returns the shares that were marked already
 */
const commitShares = async <Type extends EventType, Part>(
  shares: readonly Share<Part>[],
  { writes }: Tally<Type, Part>,
  { topic, redis, deadline }: BatchPorts,
): Promise<readonly Share<Part>[]> => {
  const before: Share<Part>[] = [];
  for (let rest = shares; rest.length > 0; ) {
    deadline.signal.throwIfAborted();
    const marks = rest.map(({ mark }) => mark);
    const parts = rest.flatMap((share) => share.parts);
    const marked = await commitTogether(redis, marks, topic.idempotencyHours * HOUR, writes(parts));
    if (marked.size === 0) break;
    before.push(...rest.filter((_, i) => marked.has(i)));
    rest = rest.filter((_, i) => !marked.has(i));
  }
  return before;
};
