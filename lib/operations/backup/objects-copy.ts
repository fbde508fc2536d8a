import type { ObjectStore } from '../../stores/objects.ts';
import type { Segment } from './manifest.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { readSegment } from './read-segment.ts';
import { PIECES, type StoredPiece } from './segment.ts';
import { openSegmentWriter } from './segment-writer.ts';

/** A large object is cut into pieces of this size, so that none has to be in memory. */
const PIECE_BYTES = 4 * 1024 * 1024;

async function* piecesOf(objects: ObjectStore, key: string): AsyncGenerator<StoredPiece> {
  const [info, body] = [await objects.head(key), await objects.getStream(key)];
  // Deleted since it was listed.
  if (info === undefined || body === undefined) return;
  const { contentType, metadata } = info;
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    waiting.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes < PIECE_BYTES) continue;
    yield { key, contentType, metadata, isLast: false, body: Buffer.concat(waiting) };
    waiting = [];
    bytes = 0;
  }
  yield { key, contentType, metadata, isLast: true, body: Buffer.concat(waiting) };
}

/** Copies every object with its content type and metadata. */
export const copyObjects = async (
  objects: ObjectStore,
  place: Place,
  id: string,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<readonly Segment[]> => {
  const segments: Segment[] = [];
  const writer = openSegmentWriter(
    place,
    PIECES,
    () => `${id}/objects/${String(segments.length).padStart(6, '0')}.avro`,
    (_series, segment) => {
      segments.push(segment);
    },
  );
  const keys = await objects.list('');
  for (const [done, key] of keys.entries()) {
    if (signal?.aborted === true) break;
    for await (const piece of piecesOf(objects, key)) await writer.add('objects', [piece]);
    onProgress({ step: 'objects', done: done + 1, total: keys.length });
  }
  await writer.flush();
  return segments;
};

/**
 * Puts objects back; one that is there is written over.
 *
 * @param change what an object of one piece is to be instead
 * @param signal ends it, with part of the objects
 */
export const restoreObjects = async (
  objects: ObjectStore,
  place: Place,
  segments: readonly Segment[],
  onProgress: OnProgress,
  change: (piece: StoredPiece) => StoredPiece = (piece) => piece,
  signal?: AbortSignal,
): Promise<number> => {
  const total = segments.reduce((sum, { entries }) => sum + entries, 0);
  let pieces = 0;
  let done = 0;
  async function* all(): AsyncGenerator<StoredPiece> {
    for (const segment of segments) yield* readSegment(place, PIECES, segment);
  }
  const source = all();
  for (let next = await source.next(); next.done !== true; next = await source.next()) {
    if (signal?.aborted === true) return done;
    const first = change(next.value);
    const options = { contentType: first.contentType, metadata: first.metadata };
    if (first.isLast) {
      pieces += 1;
      await objects.put(first.key, first.body, options);
    } else {
      async function* body(): AsyncGenerator<Buffer> {
        yield first.body;
        for (let more = await source.next(); more.done !== true; more = await source.next()) {
          pieces += 1;
          yield more.value.body;
          if (more.value.isLast) return;
        }
      }
      await objects.upload(first.key, body(), options);
    }
    done += 1;
    onProgress({ step: 'objects', done: pieces, total });
  }
  return done;
};
