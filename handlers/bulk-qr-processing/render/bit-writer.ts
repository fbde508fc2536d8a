/** Collects bits from the least significant end, as DEFLATE packs them (RFC 1951, 3.1.1). */
export class BitWriter {
  bytes: Uint8Array;
  length = 0;
  private held = 0;
  private heldBits = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Bits written so far that do not fill a byte, and how many they are. */
  get rest(): { value: number; bits: number } {
    return { value: this.held, bits: this.heldBits };
  }

  /** @param bits how many of the low bits of `value` to write, 0-24 */
  put(value: number, bits: number): void {
    this.held |= value << this.heldBits;
    this.heldBits += bits;
    while (this.heldBits >= 8) {
      this.bytes[this.length++] = this.held & 0xff;
      this.held >>>= 8;
      this.heldBits -= 8;
    }
  }
}
