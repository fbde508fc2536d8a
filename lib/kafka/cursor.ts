const PAYLOAD = 0x7f;
const MORE = 0x80;
/** Seven bits a byte: so many bytes fit a number without loss. */
const SAFE_BYTES = 7;
const MAX_VARINT_BYTES = 5;
const MAX_VARLONG_BYTES = 10;

/** Reads the variable-length types that records are made of (KIP-98), one after the other. */
export class Cursor {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get position(): number {
    return this.#at;
  }

  /** Goes on elsewhere: behind what nothing is known of. */
  moveTo(position: number): void {
    if (position < this.#at || position > this.#bytes.length) throw tooShort();
    this.#at = position;
  }

  skip(bytes: number): void {
    this.moveTo(this.#at + bytes);
  }

  /** @throws RangeError where the bytes end too early, or are no such number */
  varint(): number {
    let unsigned = 0;
    for (let i = 0; i < MAX_VARINT_BYTES; i += 1) {
      const byte = this.#next();
      unsigned |= (byte & PAYLOAD) << (7 * i);
      if ((byte & MORE) === 0) return (unsigned >>> 1) ^ -(unsigned & 1);
    }
    throw new RangeError('a number in it has more than 32 bits');
  }

  /** @throws RangeError as {@link varint} */
  varlong(): bigint {
    let unsigned = 0;
    for (let i = 0; i < SAFE_BYTES; i += 1) {
      const byte = this.#next();
      unsigned += (byte & PAYLOAD) * 2 ** (7 * i);
      if ((byte & MORE) === 0) return unzigzag(BigInt(unsigned));
    }
    let long = BigInt(unsigned);
    for (let i = SAFE_BYTES; i < MAX_VARLONG_BYTES; i += 1) {
      const byte = this.#next();
      long |= BigInt(byte & PAYLOAD) << BigInt(7 * i);
      if ((byte & MORE) === 0) return unzigzag(BigInt.asUintN(64, long));
    }
    throw new RangeError('a number in it has more than 64 bits');
  }

  /** So many bytes that follow their count; null where the count is negative. */
  bytes(): Buffer | null {
    const size = this.varint();
    if (size < 0) return null;
    const from = this.#at;
    this.skip(size);
    return this.#bytes.subarray(from, this.#at);
  }

  #next(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw tooShort();
    this.#at += 1;
    return byte;
  }
}

const unzigzag = (unsigned: bigint): bigint => (unsigned >> 1n) ^ -(unsigned & 1n);

export const tooShort = (): RangeError => new RangeError('its bytes end too early');
