import { framed, type SchemaId, unframed } from '../../events/framing.ts';

/** Ids of records' frames that are to be written instead of those in the backup; empty when all are the same. */
export type IdMap = ReadonlyMap<SchemaId, SchemaId>;

/** Where the id lies in either frame (lib/events/framing.ts). */
const CONFLUENT_ID = 1;
const GLUE_ID = { at: 2, bytes: 16 } as const;

/**
 * A value with the id of its schema as it is now; the very same bytes when it has no frame, or its id stayed. Between a
 * Confluent-compatible registry and Glue it gets the other's frame.
 */
export const reframed = (value: Buffer | null, ids: IdMap): Buffer | null => {
  if (ids.size === 0 || value === null) return value;
  const before = idIn(value);
  const now = before === undefined ? undefined : ids.get(before);
  if (now === undefined) return value;
  if (typeof now !== typeof before) return framed(now, unframed(value).body);
  const changed = Buffer.from(value);
  if (typeof now === 'number') changed.writeUInt32BE(now, CONFLUENT_ID);
  else changed.write(now.replaceAll('-', ''), GLUE_ID.at, GLUE_ID.bytes, 'hex');
  return changed;
};

/** What cannot be taken apart has no frame that anybody could read. */
const idIn = (value: Buffer): SchemaId | undefined => {
  try {
    return unframed(value).schemaId;
  } catch {
    return undefined;
  }
};
