import type { Segment } from './manifest.ts';
import type { Place } from './place.ts';
import { checksumOf, encodeSegment, type Kind } from './segment.ts';

/** A file holds so much before compression: small enough to be in memory, large enough to be few. */
const SEGMENT_BYTES = 16 * 1024 * 1024;
/** So much of all files together waits in memory; then the fullest is written, however small. */
const WAITING_BYTES = 96 * 1024 * 1024;

/** Entries that wait for being written into one file. */
interface Pile<Entry> {
  entries: Entry[];
  bytes: number;
}

/** Writes entries into files, several series of files side by side. */
export interface SegmentWriter<Entry> {
  /** Takes entries of a series; waits while too much is in memory. */
  add(series: string, entries: readonly Entry[]): Promise<void>;
  /** Writes what is left. */
  flush(): Promise<void>;
}

/**
 * @param nameOf the file of these entries of a series
 * @param onWritten called for each file once it is there
 */
export const openSegmentWriter = <Entry>(
  place: Place,
  kind: Kind<Entry>,
  nameOf: (series: string, entries: readonly Entry[]) => string,
  onWritten: (series: string, segment: Segment, entries: readonly Entry[]) => void | Promise<void>,
): SegmentWriter<Entry> => {
  const piles = new Map<string, Pile<Entry>>();
  let waiting = 0;

  const write = async (series: string, pile: Pile<Entry>): Promise<void> => {
    const { entries, bytes } = pile;
    piles.set(series, { entries: [], bytes: 0 });
    waiting -= bytes;
    if (entries.length === 0) return;
    const content = await encodeSegment(kind, entries);
    const file = nameOf(series, entries);
    await place.put(file, content);
    const segment = { file, sha256: checksumOf(content), bytes: content.length, entries: entries.length };
    await onWritten(series, segment, entries);
  };

  const fullest = (): [string, Pile<Entry>] | undefined =>
    [...piles].reduce<[string, Pile<Entry>] | undefined>(
      (most, each) => (most === undefined || each[1].bytes > most[1].bytes ? each : most),
      undefined,
    );

  return {
    add: async (series, entries) => {
      for (const entry of entries) {
        const pile = piles.get(series) ?? { entries: [], bytes: 0 };
        piles.set(series, pile);
        const size = kind.size(entry);
        pile.entries.push(entry);
        pile.bytes += size;
        waiting += size;
        if (pile.bytes >= SEGMENT_BYTES) await write(series, pile);
      }
      const most = waiting > WAITING_BYTES ? fullest() : undefined;
      if (most !== undefined) await write(...most);
    },
    flush: async () => {
      for (const [series, pile] of piles) await write(series, pile);
    },
  };
};
