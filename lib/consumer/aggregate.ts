import type { EventType } from '../catalog/index.ts';
import type { EventOf } from '../events/index.ts';
import { groupBy } from '../group-by.ts';
import { applyOnce, keepApplied, MOST_ENTRIES } from '../idempotency/index.ts';
import { hashTag } from '../stores/hash-tag.ts';
import type { Write } from '../stores/writes.ts';
import type { BatchPorts, Process, Settle } from './batch.ts';
import { failed, failureOf } from './dead-letter.ts';
import type { BatchContext } from './effect.ts';
import { asStreamError, entryOf, eventOfItem, type Item, type Result } from './item.ts';

/** What an event adds to what is kept of an owner: a code, a user. */
export interface Addition<Part> {
  /** Its hash tag is that of the keys which {@link Aggregation.writes} writes. */
  readonly owner: string;
  /** As {@link CrossKeyWrites.name}, where the owner is another than the record's key. */
  readonly name: string;
  readonly part: Part;
}

/**
 * How events of a type are counted, a whole batch together. Only sums that do not ask for order can be made so: every
 * addition takes effect once, in whatever company.
 */
export interface Aggregation<Type extends EventType, Part> {
  readonly type: Type;
  /**
   * What an event adds; the same each time it is asked.
   *
   * @throws PermanentError: the event goes to the dead-letter queue and the others are counted
   */
  readonly additions: (event: EventOf<Type>, context: BatchContext) => Promise<readonly Addition<Part>[]>;
  /** What must be known before anything is counted; done at least once, before each try, also for what is counted already. */
  readonly prepare: (parts: readonly Part[], context: BatchContext) => Promise<void>;
  /** What is written for several additions to one owner; in one script with the bookkeeping of all of them. */
  readonly writes: (parts: readonly Part[]) => readonly Write[];
}

/** A record and what it adds, or why that cannot be told. */
interface Entry<Part> {
  readonly item: Item;
  readonly additions: readonly Addition<Part>[];
  readonly error?: unknown;
}

/** What an entry adds to one owner. */
interface Share<Part> {
  readonly entry: Entry<Part>;
  readonly tag: string;
  /** Undefined for the owner of the record's own key. */
  readonly name: string | undefined;
  readonly parts: readonly Part[];
}

/**
 * Counts the events of a batch together, in three round trips to Redis: what is settled is looked up while the rest is
 * prepared; then come additions to other owners than the record's key, then those to the key itself. One script an owner,
 * all of them on the wire at once.
 */
export const aggregated =
  <Type extends EventType, Part>(aggregation: Aggregation<Type, Part>): Process =>
  async (items, ports, settle, all) => {
    const { redis, objects, deadline, observation } = ports;
    const { remainingMs, signal, within } = deadline;
    const context: BatchContext = { redis, objects, remainingMs, signal, logger: observation.logger };
    const found = await entriesOf(all, aggregation, context);
    const parts = [...found.values()].flatMap(({ additions }) => additions.map(({ part }) => part));
    const [open, prepared] = await Promise.all([items, attempt(() => within(aggregation.prepare(parts, context)))]);
    const batch = new AggregateBatch(open, found, ports, settle);
    if (prepared !== undefined) return batch.failAll(prepared);
    await batch.rejectInvalid();
    await batch.apply(batch.waiting().flatMap(sharesElsewhere), aggregation);
    const settled = await batch.apply(batch.waiting().map(ownShare), aggregation);
    for (const entry of batch.waiting()) batch.settle(entry, settled.has(entry) ? 'skipped' : 'processed');
  };

/** @returns what `work` throws; undefined when it throws nothing */
const attempt = async (work: () => Promise<void>): Promise<unknown> => {
  try {
    return await work();
  } catch (error) {
    return error ?? new Error('a rejection without a reason');
  }
};

const entriesOf = async <Type extends EventType, Part>(
  items: readonly Item[],
  { type, additions }: Aggregation<Type, Part>,
  context: BatchContext,
): Promise<ReadonlyMap<Item, Entry<Part>>> => {
  const isCounted = (event: EventOf | undefined): event is EventOf<Type> => event?.eventType === type;
  const entries = await Promise.all(
    items.map(async (item): Promise<Entry<Part>> => {
      const event = eventOfItem(item);
      try {
        return { item, additions: isCounted(event) ? await additions(event, context) : [] };
      } catch (error) {
        return { item, additions: [], error };
      }
    }),
  );
  return new Map(entries.map((entry) => [entry.item, entry]));
};

/** What an entry adds to others than the owner of its record's key. */
const sharesElsewhere = <Part>(entry: Entry<Part>): readonly Share<Part>[] => {
  const others = entry.additions.filter(({ owner }) => hashTag(owner) !== entry.item.identity.tag);
  return [...groupBy(others, ({ owner, name }) => `${name}#${owner}`).values()].flatMap(([first, ...rest]) =>
    first === undefined
      ? []
      : [{ entry, tag: hashTag(first.owner), name: first.name, parts: [first, ...rest].map(({ part }) => part) }],
  );
};

/** What is written with the bookkeeping of the record; nothing more, where the record has an unexpected key. */
const ownShare = <Part>(entry: Entry<Part>): Share<Part> => {
  const { tag } = entry.item.identity;
  const parts = entry.additions.flatMap(({ owner, part }) => (hashTag(owner) === tag ? [part] : []));
  return { entry, tag, name: undefined, parts };
};

/** What becomes of the entries of one batch. */
class AggregateBatch<Part> {
  readonly entries: readonly Entry<Part>[];
  readonly #settled = new Map<Entry<Part>, Result>();
  readonly #ports: BatchPorts;
  readonly #settle: Settle;

  constructor(open: readonly Item[], found: ReadonlyMap<Item, Entry<Part>>, ports: BatchPorts, settle: Settle) {
    this.#ports = ports;
    this.#settle = settle;
    this.entries = open.flatMap((item) => found.get(item) ?? []);
  }

  /** Entries whose result is not known yet. */
  waiting(): readonly Entry<Part>[] {
    return this.entries.filter((entry) => !this.#settled.has(entry));
  }

  settle(entry: Entry<Part>, result: Result): void {
    this.#settled.set(entry, result);
    this.#settle(entry.item, result);
  }

  /** What all of them are told of fails for all of them, whatever the reason. */
  async failAll(error: unknown): Promise<void> {
    await Promise.all(
      this.waiting().map(async (entry) => this.settle(entry, await failed(entry.item, error, this.#ports))),
    );
  }

  async rejectInvalid(): Promise<void> {
    const invalid = this.entries.filter(({ error }) => error !== undefined);
    await Promise.all(
      invalid.map(async (entry) => this.settle(entry, await failureOf(entry.item, entry.error, this.#ports))),
    );
  }

  /** Applies shares owner by owner. @returns the entries that were settled before */
  async apply<Type extends EventType>(
    shares: readonly Share<Part>[],
    aggregation: Aggregation<Type, Part>,
  ): Promise<ReadonlySet<Entry<Part>>> {
    const before = new Set<Entry<Part>>();
    const groups = [...groupBy(shares, ({ tag }) => tag).values()].flatMap(inPages);
    const work = async (group: readonly Share<Part>[]): Promise<void> => {
      try {
        for (const { entry } of await applyShares(group, aggregation, this.#ports)) before.add(entry);
      } catch (error) {
        const isPermanent = asStreamError(error).failureClass === 'permanent';
        // One of them may be at fault, or what lies at their owner.
        if (isPermanent && group.length > 1) await Promise.all(group.map((share) => work([share])));
        else await this.#failShares(group, error);
      }
    };
    try {
      await this.#ports.deadline.within(Promise.all(groups.map(work)));
    } catch (error) {
      // Out of time: what has been counted all the same is known to its owner.
      await this.#failShares(shares, error);
    }
    return before;
  }

  async #failShares(shares: readonly Share<Part>[], error: unknown): Promise<void> {
    const entries = [...new Set(shares.map(({ entry }) => entry))].filter((entry) => !this.#settled.has(entry));
    const { topic, redis } = this.#ports;
    // Should a record be given up and redriven long afterwards, it must not count again where it has counted.
    await Promise.allSettled(
      entries.flatMap((entry) =>
        sharesElsewhere(entry).map(({ tag, name }) => keepApplied(redis, topic, tag, entryOf(entry.item, name))),
      ),
    );
    await Promise.all(
      entries.map(async (entry) => this.settle(entry, await failureOf(entry.item, error, this.#ports))),
    );
  }
}

const inPages = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / MOST_ENTRIES) }, (_, i) =>
    items.slice(i * MOST_ENTRIES, (i + 1) * MOST_ENTRIES),
  );

/**
 * Writes what several shares add to an owner. Those that turn out to be settled are left out and the rest tried again:
 * another invocation may be at work on the same records.
 *
 * @returns the shares that were settled already
 */
const applyShares = async <Type extends EventType, Part>(
  shares: readonly Share<Part>[],
  { writes }: Aggregation<Type, Part>,
  { topic, redis, deadline }: BatchPorts,
): Promise<readonly Share<Part>[]> => {
  const before: Share<Part>[] = [];
  for (let rest = shares; rest.length > 0; ) {
    deadline.signal.throwIfAborted();
    const [{ tag } = { tag: '' }] = rest;
    const entries = rest.map(({ entry, name }) => entryOf(entry.item, name));
    const settled = await applyOnce(redis, topic, tag, entries, writes(rest.flatMap(({ parts }) => parts)));
    if (settled.size === 0) break;
    before.push(...rest.filter((_, i) => settled.has(i)));
    rest = rest.filter((_, i) => !settled.has(i));
  }
  return before;
};
