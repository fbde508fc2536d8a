import { StreamError } from '../../errors.ts';

/** Which end of the topic comes first. */
export type Order = 'newest' | 'oldest';

/** Offsets of a partition: from `begin`, up to and without `end`. */
export interface Bounds {
  readonly partition: number;
  readonly begin: number;
  readonly end: number;
}

/**
 * How far somebody has browsed, by partition: reading back from the newest, what lies at the edge and after it was seen;
 * reading on from the oldest, what lies before it.
 */
export type Edges = ReadonlyMap<number, number>;

/** What is read of each partition for one page: at most so many offsets next to the edge. */
export const windowOf = (bounds: readonly Bounds[], edges: Edges, order: Order, size: number): readonly Bounds[] =>
  bounds
    .map(({ partition, begin, end }) => {
      const edge = Math.min(end, Math.max(begin, edges.get(partition) ?? (order === 'newest' ? end : begin)));
      return order === 'newest'
        ? { partition, begin: Math.max(begin, edge - size), end: edge }
        : { partition, begin: edge, end: Math.min(end, edge + size) };
    })
    .filter(({ begin, end }) => begin < end);

/** What a wider window has beside a narrower one of the same edges. */
export const beyond = (narrow: readonly Bounds[], wide: readonly Bounds[]): readonly Bounds[] => {
  const known = new Map(narrow.map((each) => [each.partition, each]));
  return wide
    .map((each) => {
      const seen = known.get(each.partition);
      if (seen === undefined) return each;
      return each.begin < seen.begin ? { ...each, end: seen.begin } : { ...each, begin: seen.end };
    })
    .filter(({ begin, end }) => begin < end);
};

/** Records that were not looked at yet. */
export const leftOf = (bounds: readonly Bounds[], edges: Edges, order: Order): number =>
  windowOf(bounds, edges, order, Number.POSITIVE_INFINITY).reduce((sum, { begin, end }) => sum + end - begin, 0);

interface Placed {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** By time; records of one partition always by offset, whatever times their publishers have given them. */
const byTime = <Item extends Placed>(records: readonly Item[], order: Order): Item[] => {
  const sign = order === 'newest' ? -1 : 1;
  const queues = new Map<number, Item[]>();
  for (const record of records) {
    const queue = queues.get(record.partition);
    if (queue === undefined) queues.set(record.partition, [record]);
    else queue.push(record);
  }
  for (const queue of queues.values()) queue.sort((a, b) => sign * (b.offset - a.offset));
  // The next of each partition stands at the end of its queue, where taking it is cheap.
  const merged: Item[] = [];
  for (;;) {
    let next: Item[] | undefined;
    for (const queue of queues.values()) {
      const [head, best] = [queue.at(-1), next?.at(-1)];
      if (head === undefined) continue;
      if (best === undefined || sign * (head.timestamp - best.timestamp) < 0) next = queue;
    }
    const item = next?.pop();
    if (item === undefined) return merged;
    merged.push(item);
  }
};

/**
 * The page made of what was read of a window, and where the next one begins: behind the window, or at the first record
 * that had no room any more.
 */
export const pageOf = <Item extends Placed>(
  records: readonly Item[],
  window: readonly Bounds[],
  edges: Edges,
  order: Order,
  limit: number,
): { readonly records: readonly Item[]; readonly edges: Edges } => {
  const sorted = byTime(records, order);
  const next = new Map(edges);
  for (const { partition, begin, end } of window) next.set(partition, order === 'newest' ? begin : end);
  for (const { partition, offset } of sorted.slice(limit).reverse()) {
    next.set(partition, order === 'newest' ? offset + 1 : offset);
  }
  return { records: sorted.slice(0, limit), edges: next };
};

/** Edges as a text for an address: `0.120~1.33`. */
export const cursorOf = (edges: Edges): string => [...edges].map((pair) => pair.join('.')).join('~');

/** @throws StreamError USAGE for what is no cursor */
export const edgesIn = (cursor: string): Edges => {
  if (!/^\d{1,5}\.\d{1,15}(~\d{1,5}\.\d{1,15}){0,4999}$/.test(cursor)) {
    throw new StreamError('USAGE', 'That is no place to continue from.', { next: 'Begin anew' });
  }
  return new Map(
    cursor.split('~').map((pair) => {
      const [partition = 0, offset = 0] = pair.split('.').map(Number);
      return [partition, offset] as const;
    }),
  );
};
