/** A long in seven bits a byte has at most so many bytes (Avro 1.12 specification, "Binary Encoding"). */
const LONG_BYTES = 10;
/** So many of them fit a number without loss: seven times seven bits. */
const NUMBER_BYTES = 7;

/** A whole number: a `number` where that is exact, else a `bigint`. */
export type Whole = number | bigint;

const wholeOf = (value: bigint): Whole => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

/**
 * Reads Avro's binary encoding from its beginning (Avro 1.12 specification, "Binary Encoding"). Each call throws an Error
 * where the bytes end too early or say what cannot be.
 */
export class Tap {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Bytes read so far. */
  get at(): number {
    return this.#at;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  fixed(size: number): Buffer {
    if (size > this.left) throw new Error(`the value ends too early: ${size} bytes are wanted and ${this.left} left`);
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  boolean(): boolean {
    return this.fixed(1)[0] !== 0;
  }

  float(): number {
    return this.fixed(4).readFloatLE();
  }

  double(): number {
    return this.fixed(8).readDoubleLE();
  }

  int(): number {
    const value = this.long();
    if (typeof value === 'bigint' || value !== (value | 0)) throw new Error(`${value} is no int of 32 bits`);
    return value;
  }

  long(): Whole {
    let length = 1;
    for (let at = this.#at; (this.#bytes[at] ?? 0) >= 0x80; at += 1) length += 1;
    if (length > LONG_BYTES) throw new Error('a long goes on for more than 64 bits');
    const bytes = this.fixed(length);
    return length <= NUMBER_BYTES ? smallLong(bytes) : largeLong(bytes);
  }

  /** Bytes with their length before them. */
  bytes(): Buffer {
    const length = this.long();
    if (typeof length === 'bigint' || length < 0) throw new Error(`the length ${length} is none`);
    return this.fixed(length);
  }

  string(): string {
    return this.bytes().toString('utf8');
  }

  /** How many items of an array or a map follow; 0 at its end. */
  block(): number {
    const count = this.long();
    if (typeof count === 'bigint') throw new Error(`${count} items are more than there can be`);
    // Then its size in bytes follows, for readers that skip it.
    if (count < 0) this.long();
    return Math.abs(count);
  }
}

const smallLong = (bytes: Buffer): number => {
  let value = 0;
  for (let i = bytes.length - 1; i >= 0; i -= 1) value = value * 0x80 + ((bytes[i] ?? 0) & 0x7f);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
};

const largeLong = (bytes: Buffer): Whole => {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i -= 1) value = (value << 7n) | BigInt((bytes[i] ?? 0) & 0x7f);
  return wholeOf(BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n)));
};
