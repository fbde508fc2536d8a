import type { BatchFigures } from './batch-figures.ts';
import { Latencies } from './latencies.ts';

/** Seconds a slot takes, and how many are kept: a quarter of an hour. */
export const SLOT_SECONDS = 3;
export const SLOTS = 300;

/** What happened on a topic within a slot. */
export interface TopicSlot {
  /** Records that took effect. */
  readonly done: number;
  /** Records that failed or became dead letters. */
  readonly errors: number;
  /** From publishing to effect, milliseconds. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Values that are looked up, not told: they are there only while somebody looks. */
export interface Levels {
  /** Records not yet committed, by topic. */
  readonly lag: Readonly<Record<string, number>>;
  /** Records published a second, by topic. */
  readonly published: Readonly<Record<string, number>>;
  /** Bytes of physical memory, by process. */
  readonly memory: Readonly<Record<string, number>>;
}

export interface Slot {
  /** When it begins, seconds since 1970. */
  readonly time: number;
  /** Those on which something happened. */
  readonly topics: Readonly<Record<string, TopicSlot>>;
  /** All topics together. */
  readonly all: TopicSlot;
  readonly levels: Levels | null;
}

class Kept {
  done = 0;
  errors = 0;
  readonly latencies = new Latencies();

  add({ counts, latencies }: BatchFigures): void {
    this.done += counts.done;
    this.errors += counts.dead + counts.failed;
    // A batch tells at most 99 latencies: each stands for as many records as there are.
    const weight = latencies.length === 0 ? 0 : Math.max(1, counts.done / latencies.length);
    for (const ms of latencies) this.latencies.add(ms, weight);
  }

  merge({ done, errors, latencies }: Kept): void {
    this.done += done;
    this.errors += errors;
    this.latencies.merge(latencies);
  }

  report(): TopicSlot {
    const at = (share: number): number | null => {
      const ms = this.latencies.quantile(share);
      return ms === null ? null : Math.round(ms);
    };
    return { done: this.done, errors: this.errors, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}

interface KeptSlot {
  readonly topics: Map<string, Kept>;
  levels: Levels | null;
}

const numberOf = (ms: number): number => Math.floor(ms / (SLOT_SECONDS * 1_000));

/** The figures of the last quarter of an hour. */
export class History {
  readonly #slots = new Map<number, KeptSlot>();

  /** Files a batch under the time its function has told; one that is older than what is kept is passed over. */
  add(figures: BatchFigures, now: number = Date.now()): void {
    const number = numberOf(figures.time);
    if (number <= numberOf(now) - SLOTS || number > numberOf(now) + 1) return;
    const { topics } = this.#slot(number);
    const kept = topics.get(figures.topic) ?? new Kept();
    topics.set(figures.topic, kept);
    kept.add(figures);
  }

  note(levels: Levels, now: number = Date.now()): void {
    this.#slot(numberOf(now)).levels = levels;
  }

  /** The slots from a time on, oldest first, those included in which nothing happened. @param since seconds since 1970 */
  since(since: number, now: number = Date.now()): readonly Slot[] {
    const last = numberOf(now);
    const first = Math.max(last - SLOTS + 1, numberOf(since * 1_000));
    for (const number of this.#slots.keys()) if (number <= last - SLOTS) this.#slots.delete(number);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => this.#report(first + i));
  }

  /** The sums of the last seconds, by topic and of all. */
  lately(seconds: number, now: number = Date.now()): Pick<Slot, 'topics' | 'all'> {
    const first = numberOf(now) - Math.ceil(seconds / SLOT_SECONDS) + 1;
    const sums = new Map<string, Kept>();
    for (const [number, { topics }] of this.#slots) {
      if (number < first) continue;
      for (const [topic, kept] of topics) {
        const sum = sums.get(topic) ?? new Kept();
        sums.set(topic, sum);
        sum.merge(kept);
      }
    }
    return reportOf(sums);
  }

  #slot(number: number): KeptSlot {
    const slot = this.#slots.get(number) ?? { topics: new Map(), levels: null };
    this.#slots.set(number, slot);
    return slot;
  }

  #report(number: number): Slot {
    const slot = this.#slots.get(number);
    return {
      time: number * SLOT_SECONDS,
      levels: slot?.levels ?? null,
      ...reportOf(slot?.topics ?? new Map()),
    };
  }
}

const reportOf = (topics: ReadonlyMap<string, Kept>): Pick<Slot, 'topics' | 'all'> => {
  const all = new Kept();
  for (const kept of topics.values()) all.merge(kept);
  return {
    topics: Object.fromEntries([...topics].map(([topic, kept]) => [topic, kept.report()])),
    all: all.report(),
  };
};
