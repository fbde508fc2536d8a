import { type RawBatch, recordsOf } from '../../kafka/index.ts';

/** What the metadata log of a cluster says of topics. Ids are as Kafka writes them: Base64 for addresses, no padding. */
export interface TopicRecords {
  /** Names by id. */
  readonly created: ReadonlyMap<string, string>;
  readonly removed: ReadonlySet<string>;
}

/** Kinds of records (TopicRecord.json and RemoveTopicRecord.json in apache/kafka, metadata/src/main/resources). */
const TOPIC = 2;
const REMOVE_TOPIC = 9;
const ID_BYTES = 16;

/** @throws RangeError for batches that cannot be decoded, and for records of another form */
export const topicRecordsOf = async (batches: readonly RawBatch[]): Promise<TopicRecords> => {
  const created = new Map<string, string>();
  const removed = new Set<string>();
  for (const batch of batches) {
    if (batch.isControl) continue;
    for (const { value, undecodable } of await recordsOf(batch)) {
      if (undecodable !== undefined) throw new RangeError(undecodable.reason);
      if (value === null) continue;
      const [, kind, , at] = headOf(value);
      if (kind === REMOVE_TOPIC) removed.add(idAt(value, at));
      if (kind !== TOPIC) continue;
      // A compact string: its length and one, then its bytes (Kafka's protocol, "Protocol Primitive Types").
      const [size, from] = unsignedAt(value, at);
      const end = from + size - 1;
      created.set(idAt(value, end), value.toString('utf8', from, end));
    }
  }
  return { created, removed };
};

/** The version of the frame, the kind of a record and its version, and where its fields begin (AbstractApiMessageSerde). */
const headOf = (value: Buffer): readonly [frame: number, kind: number, version: number, at: number] => {
  const [frame, first] = unsignedAt(value, 0);
  const [kind, second] = unsignedAt(value, first);
  const [version, at] = unsignedAt(value, second);
  return [frame, kind, version, at];
};

const idAt = (value: Buffer, at: number): string => {
  if (at + ID_BYTES > value.length) throw new RangeError('a record that ends within an id');
  return value.toString('base64url', at, at + ID_BYTES);
};

/** An UNSIGNED_VARINT, and where it ends. */
const unsignedAt = (value: Buffer, from: number): readonly [number, number] => {
  let result = 0;
  for (let i = 0; i < 5; i += 1) {
    const byte = value.readUInt8(from + i);
    result += (byte & 0x7f) * 2 ** (7 * i);
    if ((byte & 0x80) === 0) return [result, from + i + 1];
  }
  throw new RangeError('a number of more than 32 bits');
};
