import { entryObjects, withOtherValue } from '../../scheduler/index.ts';
import { ORIGINALS_PREFIX, withOtherValues } from '../../stores/dead-letters/index.ts';
import { type IdMap, reframed } from './frames.ts';
import type { StoredPiece } from './segment.ts';
import type { StoredKey } from './stored-key.ts';

/**
 * Records that wait outside of topics to be published: originals of dead letters, which are objects, and what is scheduled,
 * which is both. Where schemas have other ids they get the frames that records get. It is done on the way from the backup, so
 * that a restore that is run again does the same again, and not the same twice.
 */

const SCHEDULED_KEY = /^schedule:\{.+\}:entries$/;
const SCHEDULED_OBJECT = /^schedule\/([^/]+)\//;

/** A hash whose values are entries of a schedule has other values; any other key stays. */
export const reframedKey = (stored: StoredKey, ids: IdMap): StoredKey => {
  if (ids.size === 0 || stored.type !== 'hash' || !SCHEDULED_KEY.test(stored.key.toString('latin1'))) return stored;
  const values = stored.values.map((value, i) =>
    i % 2 === 0 ? value : Buffer.from(withOtherValue(value.toString('utf8'), (one) => reframed(one, ids)).text),
  );
  return { ...stored, values };
};

/** An object that keeps a record; any other stays. Entries of a schedule lie under a name that follows from their text. */
export const reframedPiece = (piece: StoredPiece, ids: IdMap): StoredPiece => {
  if (ids.size === 0 || !piece.isLast) return piece;
  const change = (value: Buffer | null): Buffer | null => reframed(value, ids);
  if (piece.key.startsWith(ORIGINALS_PREFIX)) {
    return withBody(piece, piece.key, withOtherValues(piece.body.toString('utf8'), change));
  }
  const [, schedule] = SCHEDULED_OBJECT.exec(piece.key) ?? [];
  if (schedule === undefined) return piece;
  const entry = withOtherValue(piece.body.toString('utf8'), change);
  return withBody(piece, entryObjects(schedule).keyOf(entry), entry.text);
};

const withBody = ({ contentType, metadata, isLast }: StoredPiece, key: string, text: string): StoredPiece => ({
  key,
  contentType,
  metadata,
  isLast,
  body: Buffer.from(text),
});
