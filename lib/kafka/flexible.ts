import type { Reader } from './wire.ts';

/**
 * The types of requests with flexible fields (KIP-482): counts are one more than they say, 0 is null, and behind everything
 * stand tagged fields, of which none is written or read here.
 */
export const NO_TAGS = Buffer.of(0);

const uvarint = (value: number): Buffer => {
  const some: number[] = [];
  let left = value;
  for (; left > 0x7f; left >>>= 7) some.push((left & 0x7f) | 0x80);
  return Buffer.from([...some, left]);
};

/** COMPACT_STRING. */
export const compactString = (text: string): Buffer =>
  Buffer.concat([uvarint(Buffer.byteLength(text) + 1), Buffer.from(text)]);

/** COMPACT_ARRAY of items that are encoded already. */
export const compactArray = (items: readonly Buffer[]): Buffer => Buffer.concat([uvarint(items.length + 1), ...items]);

/** Reads such an answer. */
export interface FlexibleReader {
  /** COMPACT_STRING or its nullable kind. */
  text(): string | null;
  list<Item>(item: () => Item): Item[];
  /** Passes over tagged fields. */
  tags(): void;
  uuid(): void;
}

export const flexibleReader = (reader: Reader): FlexibleReader => {
  const count = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = reader.int8() & 0xff;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a count of more than 32 bits');
  };
  return {
    text: () => {
      const size = count();
      return size === 0 ? null : reader.raw(size - 1).toString('utf8');
    },
    list: (item) => Array.from({ length: Math.max(0, count() - 1) }, item),
    tags: () => {
      for (let left = count(); left > 0; left -= 1) {
        count();
        reader.raw(count());
      }
    },
    uuid: () => {
      reader.raw(16);
    },
  };
};
