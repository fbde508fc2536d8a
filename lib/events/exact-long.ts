import avro from 'avsc';

/**
 * A long without loss. Avro's library for JavaScript reckons the encoding of a long in a `number`, which is wrong by one and in
 * its sign for values below -2^52: 64 bits are taken as they are here. What no `number` holds is refused.
 */
export const exactLong: avro.types.LongType = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer): number => {
    const exact = bytes.readBigInt64LE();
    const value = Number(exact);
    if (Number.isSafeInteger(value)) return value;
    throw new Error(`${exact} is beyond 2^53, which no number here holds without loss`);
  },
  toBuffer: (value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  isValid: (value: unknown): boolean => Number.isSafeInteger(value),
  fromJSON: (value: number): number => value,
  toJSON: (value: number): number => value,
  compare: (a: number, b: number): number => Math.sign(a - b),
});

/** A schema's type for programs: its longs are exact. @throws Error when it is no Avro schema, or one that avsc cannot tell */
export const exactType = (schema: string): avro.Type =>
  avro.Type.forSchema(JSON.parse(schema), { registry: { long: exactLong } });
