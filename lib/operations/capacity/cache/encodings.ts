/**
 * What Redis 7 needs for a key, by what it holds: sizes of its structures on 64-bit machines, as jemalloc hands them out
 * (redis 7.0, src/server.h, src/listpack.c, src/t_zset.c, src/hyperloglog.c). Limits between the encodings are the defaults,
 * which ElastiCache has too. Valkey 8 needs somewhat less for each key; a test holds the formulas to a real server.
 */

/** What jemalloc gives to who asks for so many bytes: steps of 8 up to 64, then four steps between powers of two. */
export const allocated = (bytes: number): number => {
  if (bytes <= 64) return Math.max(8, 8 * Math.ceil(bytes / 8));
  const step = 2 ** Math.ceil(Math.log2(bytes)) / 8;
  return step * Math.ceil(bytes / step);
};

const OBJECT = 16;
const ENTRY = 24;
const POINTER = 8;
const DICT = 56;
/** Buckets for each entry: tables double, so that on the mean of all sizes there are 1 / ln 2 for each. */
const BUCKETS = POINTER / Math.LN2;

/** A string in the form Redis keeps it: with its length, and a zero at its end. */
const text = (length: number): number => allocated((length < 32 ? 1 : length < 256 ? 3 : 5) + length + 1);

/** The key itself and its place in the table of keys; with an expiry also its place in the table of those. */
export const keyBytes = (name: number, expires: boolean): number => text(name) + (ENTRY + BUCKETS) * (expires ? 2 : 1);

/** Longest string that lies in one piece with its object. */
const EMBEDDED = 44;

export const stringBytes = (length: number): number =>
  length <= EMBEDDED ? allocated(OBJECT + 4 + length) : OBJECT + text(length);

/** A number as a string of its own: it lies where the pointer to the text would. */
export const NUMBER_BYTES = OBJECT;

/** An element of a listpack, with its header and its length at the end. */
const packed = (length: number): number => length + (length < 64 ? 2 : length < 126 ? 3 : 4);

/** Bytes of a whole number in a listpack. */
const packedNumber = (value: number): number =>
  value < 128 ? 2 : value < 4_096 ? 3 : value < 32_768 ? 4 : value < 8_388_608 ? 5 : value < 2 ** 31 ? 6 : 10;

const LISTPACK = 7;
const listpack = (elements: number): number => OBJECT + allocated(LISTPACK + elements);

/** Fields whose names and values have these lengths on the mean. */
export interface Fields {
  readonly count: number;
  readonly name: number;
  /** Length of the values, or the number they are where it is one. */
  readonly value: number | { readonly number: number };
}

const HASH_ENTRIES = 512;
const LONGEST_PACKED = 64;

/** A table of its own, with so many entries. */
const dict = (count: number): number => DICT + POINTER * 2 ** Math.ceil(Math.log2(Math.max(4, count)));

/** @param longest length of the longest value, where it is not the mean: one that is too long changes the encoding of all */
export const hashBytes = (fields: readonly Fields[], longest = 0): number => {
  const count = fields.reduce((sum, one) => sum + one.count, 0);
  const longestOf = ({ name, value }: Fields): number => Math.max(name, typeof value === 'number' ? value : 0);
  const isPacked = count <= HASH_ENTRIES && Math.max(longest, ...fields.map(longestOf)) <= LONGEST_PACKED;
  const of = (bytes: (one: Fields) => number): number => fields.reduce((sum, one) => sum + one.count * bytes(one), 0);
  if (isPacked) {
    return listpack(
      of(({ name, value }) => packed(name) + (typeof value === 'number' ? packed(value) : packedNumber(value.number))),
    );
  }
  const digits = (value: Fields['value']): number =>
    typeof value === 'number' ? value : String(Math.round(value.number)).length;
  return OBJECT + dict(count) + of(({ name, value }) => ENTRY + text(name) + text(digits(value)));
};

const INTSET = 8;
const INTSET_ENTRIES = 512;

/** A set of 64-bit numbers. */
export const numberSetBytes = (count: number): number =>
  count <= INTSET_ENTRIES ? OBJECT + allocated(INTSET + 8 * count) : OBJECT + dict(count) + count * (ENTRY + text(19));

export const setBytes = (count: number, length: number): number =>
  OBJECT + dict(count) + count * (ENTRY + text(length));

const SORTED_ENTRIES = 128;
/** A node of a skip list: member, score and way back; 1.33 levels on the mean, of which each has two words. */
const SKIP_NODE = 24 + (allocated(40) - 24) * 0.75 + (allocated(56) - 24) * 0.25;
/** The list's own head has all 32 levels. */
const SKIP_LIST = 32 + 16 + allocated(24 + 16 * 32);

/** @param score a number like those that stand in it */
export const sortedSetBytes = (count: number, length: number, score: number): number =>
  count <= SORTED_ENTRIES && length <= LONGEST_PACKED
    ? listpack(count * (packed(length) + packedNumber(score)))
    : OBJECT + SKIP_LIST + dict(count) + count * (ENTRY + text(length) + SKIP_NODE);

const QUICKLIST = 40 + 32;
const LIST_NODE = 8_192;

export const listBytes = (count: number, length: number): number => {
  const bytes = count * packed(length);
  const nodes = Math.max(1, Math.ceil(bytes / LIST_NODE));
  return OBJECT + QUICKLIST + (nodes - 1) * 32 + allocated(LISTPACK + bytes / nodes) * nodes;
};

const SPARSE_MOST = 3_000;
const DENSE = 12_304;
const REGISTERS = 16_384;
/** Registers that one byte can skip. */
const SHORT_GAP = 64;
/** What the first visitor takes. */
const SMALLEST = 48;

/**
 * A HyperLogLog. Sparse, a register that is not zero takes a byte, and what it is away from the next one a byte or two; a string
 * that grows is given up to twice what it needs. Past 3,000 bytes it becomes dense.
 */
export const visitorsBytes = (distinct: number): number => {
  const registers = REGISTERS * (1 - Math.exp(-distinct / REGISTERS));
  const full = registers / REGISTERS;
  const sparse = 18 + registers * (1 + (1 - full) * (1 + Math.exp(-SHORT_GAP * full)));
  return OBJECT + (sparse > SPARSE_MOST ? allocated(DENSE + 6) : Math.max(SMALLEST, 4 + sparse / Math.LN2));
};

/** What a stream is made of: its own structure and the tree of its nodes. */
const STREAM = 400;
const STREAM_NODE = 4_096;
/** Flags, time and number of an entry, beside its values. */
const STREAM_ENTRY = 12;

/** Entries of a stream. */
export interface Entries {
  readonly count: number;
  /** Bytes of the values of one; their names stand in each node once. */
  readonly values: number;
  readonly names: number;
}

/**
 * A stream, in nodes of up to 4 KiB.
 *
 * @param isFull whether the newest node is given all of its space with its first entry, as Redis has done since 7.0
 */
export const streamBytes = ({ count, values, names }: Entries, isFull: boolean): number => {
  const entry = values + STREAM_ENTRY;
  const perNode = Math.max(1, Math.ceil((STREAM_NODE - names) / entry));
  const nodes = Math.max(1, Math.ceil(count / perNode));
  const filled = allocated(names + 30 + entry * Math.min(perNode, count));
  return OBJECT + STREAM + (nodes - 1) * (80 + filled) + 80 + (isFull ? Math.max(STREAM_NODE, filled) : filled);
};
