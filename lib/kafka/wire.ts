/**
 * The types of Kafka's protocol that requests without flexible fields are made of, big-endian throughout
 * (https://kafka.apache.org/protocol, "Protocol Primitive Types").
 */
export const int8 = (value: number): Buffer => Buffer.from(Int8Array.of(value).buffer);

export const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};

export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

export const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};

/** NULLABLE_STRING, and STRING where there is one. */
export const string = (text: string | null): Buffer =>
  text === null ? int16(-1) : Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);

export const bytes = (value: Buffer): Buffer => Buffer.concat([int32(value.length), value]);

/** ARRAY of items that are encoded already. */
export const array = (items: readonly Buffer[]): Buffer => Buffer.concat([int32(items.length), ...items]);

/** Reads an answer from its beginning. Each call throws a RangeError where the answer ends too early. */
export interface Reader {
  int8(): number;
  int16(): number;
  int32(): number;
  /** INT64 as a number: sizes and offsets stay below 2^53. */
  int64(): number;
  boolean(): boolean;
  string(): string | null;
  bytes(): Buffer;
  /** Null where there are none. */
  nullableBytes(): Buffer | null;
  array<Item>(item: () => Item): Item[];
  /** So many bytes, whose count stands elsewhere. */
  raw(size: number): Buffer;
  /** Whatever is left. */
  rest(): Buffer;
}

export const readerOf = (answer: Buffer): Reader => {
  let at = 0;
  const step = (size: number): number => {
    at += size;
    return at - size;
  };
  const part = (size: number): Buffer => {
    if (size < 0 || at + size > answer.length) throw new RangeError('the answer ends too early');
    const from = step(size);
    return answer.subarray(from, from + size);
  };
  const reader: Reader = {
    int8: () => answer.readInt8(step(1)),
    int16: () => answer.readInt16BE(step(2)),
    int32: () => answer.readInt32BE(step(4)),
    int64: () => Number(answer.readBigInt64BE(step(8))),
    boolean: () => reader.int8() !== 0,
    string: () => {
      const size = reader.int16();
      return size < 0 ? null : part(size).toString('utf8');
    },
    bytes: () => part(reader.int32()),
    nullableBytes: () => {
      const size = reader.int32();
      return size < 0 ? null : part(size);
    },
    array: (item) => Array.from({ length: Math.max(0, reader.int32()) }, item),
    raw: part,
    rest: () => part(answer.length - at),
  };
  return reader;
};
