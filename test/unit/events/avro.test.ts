import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchema, programValue, Tap, valueReader } from '../../../lib/events/avro/index.ts';
import { anyTyped, anyWide, typeFor } from '../../support/avro-values.ts';

const read = (bytes: Buffer, writer: unknown, reader?: unknown): unknown =>
  valueReader(
    parseSchema(JSON.stringify(writer)),
    programValue,
    reader === undefined ? undefined : parseSchema(JSON.stringify(reader)),
  )(bytes);

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const status = (symbols: readonly string[], more: object = {}) => ({ type: 'enum', name: 'S', symbols, ...more });
const record = (name: string, fields: readonly object[], more: object = {}) => ({
  type: 'record',
  name,
  fields,
  ...more,
});

describe('a value read by the schema it was written with', () => {
  it('is what avsc, another implementation, wrote', () => {
    fc.assert(
      fc.property(anyTyped(), ({ schema, value }) => {
        expect(read(typeFor(schema).toBuffer(value), schema)).toEqual(value);
      }),
    );
  });

  it('is not guessed when bytes are missing, or left', () => {
    fc.assert(
      fc.property(anyTyped(), fc.nat(), ({ schema, value }, at) => {
        const bytes = typeFor(schema).toBuffer(value);
        expect(() => read(Buffer.concat([bytes, hex('00')]), schema)).toThrow('1 bytes are left');
        if (bytes.length === 0) return;
        expect(() => read(bytes.subarray(0, at % bytes.length), schema)).toThrow();
      }),
    );
  });

  it('never brings anything but an Error, whatever the bytes are', () => {
    fc.assert(
      fc.property(anyTyped(), fc.uint8Array({ maxLength: 60 }), ({ schema }, bytes) => {
        try {
          read(Buffer.from(bytes), schema);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });

  it('may take no bytes a million times, and no more', () => {
    const many = avro.Type.forSchema('long');
    const of = (count: number) => Buffer.concat([many.toBuffer(count), hex('00')]);
    expect(read(of(1_000_000), { type: 'array', items: 'null' })).toHaveLength(1_000_000);
    expect(() => read(of(2 ** 40), { type: 'array', items: 'null' })).toThrow('take no bytes');
  });

  it('has all fields that its record names, __proto__ as well', () => {
    const schema = record('R', [{ name: '__proto__', type: 'int' }]);
    expect(Object.entries(Object(read(hex('02'), schema)))).toEqual([['__proto__', 1]]);
    expect(Object.entries(Object(read(hex('02125f5f70726f746f5f5f0200'), { type: 'map', values: 'int' })))).toEqual([
      ['__proto__', 1],
    ]);
  });
});

describe('a long', () => {
  it('keeps all of its 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
        const bytes: number[] = [];
        for (let left = zigzag; ; left >>= 7n) {
          bytes.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
          if (left <= 0x7fn) break;
        }
        const found = new Tap(Buffer.from(bytes)).long();
        expect(BigInt(found)).toBe(value);
        expect(typeof found).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'bigint');
      }),
    );
  });

  it('that no number holds is refused where a number is wanted, and passed by where nobody wants it', () => {
    const bytes = hex('feffffffffffffffff01');
    expect(() => read(bytes, 'long')).toThrow('9223372036854775807 is beyond 2^53');
    const written = record('R', [
      { name: 'a', type: 'long' },
      { name: 'b', type: 'int' },
    ]);
    const wanted = record('R', [{ name: 'b', type: 'int' }]);
    expect(read(Buffer.concat([bytes, hex('02')]), written, wanted)).toEqual({ b: 1 });
  });

  it('ends after ten bytes', () => {
    expect(() => new Tap(Buffer.alloc(20, 0xff)).long()).toThrow('64 bits');
  });
});

// Avro 1.12 specification, "Schema Resolution"; the bytes and outcomes are those of fastavro 1.13.1.
describe('a value read by another schema', () => {
  it('of an enum with more symbols is read when the reader knows its symbol', () => {
    const [written, wanted] = [status(['A', 'B', 'C']), status(['A', 'B'])];
    expect(read(hex('02'), written, wanted)).toBe('B');
    expect(() => read(hex('04'), written, wanted)).toThrow('enum S has no symbol C');
    expect(read(hex('04'), written, status(['A', 'B'], { default: 'A' }))).toBe('A');
  });

  it('of a widened union is read when the reader knows its branch', () => {
    expect(read(hex('000a'), ['int', 'string'], 'int')).toBe(5);
    expect(() => read(hex('020278'), ['int', 'string'], 'int')).toThrow('written as string, and int is wanted');
    expect(read(hex('04c3a9'), 'string', ['null', 'string'])).toBe('é');
  });

  it('takes the first branch of the reader’s union that matches', () => {
    expect(read(hex('000a'), ['int', 'long'], ['double', 'int'])).toBe(5);
    expect(read(hex('0e'), 'int', ['string', 'long', 'double'])).toBe(7);
    expect(() => read(hex('0e'), 'int', ['string', 'null'])).toThrow('string or null is wanted');
  });

  it('is promoted', () => {
    expect(read(hex('04c3a9'), 'string', 'bytes')).toEqual(Buffer.from('é'));
    expect(read(hex('04c3a9'), 'bytes', 'string')).toBe('é');
    expect(read(hex('82808010'), 'long', 'float')).toBe(16_777_216);
    expect(read(hex('82808010'), 'long', 'double')).toBe(16_777_217);
    expect(read(hex('cdcccc3d'), 'float', 'double')).toBe(Math.fround(0.1));
    expect(() => read(hex('02'), 'long', 'int')).toThrow('written as long, and int is wanted');
  });

  it('loses fields that the reader lacks, and has defaults for those that were not written', () => {
    const written = record('R', [
      { name: 'gone', type: { type: 'array', items: 'string' } },
      { name: 'old', type: 'int' },
    ]);
    const wanted = record('R', [
      { name: 'list', type: { type: 'array', items: 'int' }, default: [1] },
      { name: 'new', aliases: ['old'], type: 'long' },
      { name: 'raw', type: 'bytes', default: '\u00ff' },
      { name: 'note', type: ['null', 'string'], default: null },
    ]);
    expect(read(hex('020278000e'), written, wanted)).toEqual({
      ...{ list: [1], new: 7, raw: Buffer.from([0xff]), note: null },
    });
    const none = record('R', [{ name: 'x', type: 'int' }]);
    expect(() => read(hex('000e'), written, none)).toThrow('the field x of record R was not written');
  });

  it('is of the same name without its namespace, or of an alias', () => {
    const written = record('a.Old', [{ name: 'n', type: 'int' }]);
    const fields = [{ name: 'n', type: 'int' }];
    expect(read(hex('02'), written, record('b.Old', fields))).toEqual({ n: 1 });
    expect(read(hex('02'), written, record('New', fields, { aliases: ['a.Old'] }))).toEqual({ n: 1 });
    expect(() => read(hex('02'), written, record('New', fields))).toThrow('record a.Old, and record New is wanted');
  });

  it('may hold itself', () => {
    const list = (...more: readonly object[]) =>
      record('L', [{ name: 'n', type: 'int' }, ...more, { name: 'next', type: ['null', 'L'] }]);
    const nested = { n: 1, next: { n: 2, next: null } };
    expect(read(hex('02020400'), list(), list())).toEqual(nested);
    expect(read(hex('02020400'), list(), list({ name: 'x', type: 'string', default: 'd' }))).toEqual({
      ...{ n: 1, x: 'd' },
      next: { n: 2, x: 'd', next: null },
    });
  });

  it('is what avsc makes of it, wherever avsc dares to read the schema', () => {
    fc.assert(
      fc.property(anyWide(), ({ written, wanted, value }) => {
        const [writer, reader] = [typeFor(written), typeFor(wanted)];
        const bytes = writer.toBuffer(value);
        expect(read(bytes, written, wanted)).toEqual(reader.fromBuffer(bytes, reader.createResolver(writer)));
      }),
    );
  });
});

describe('a schema', () => {
  it('may name what a reference defines', () => {
    const base = JSON.stringify(record('a.b.Base', [{ name: 'n', type: 'long' }]));
    const text = JSON.stringify(record('Uses', [{ name: 'b', type: 'Base' }], { namespace: 'a.b' }));
    expect(valueReader(parseSchema(text, [base]), programValue)(hex('0e'))).toEqual({ b: { n: 7 } });
    expect(() => parseSchema(text)).toThrow('names Base, which neither it nor a reference defines');
  });

  it.each(['{', '"nothing"', '{"type":"fixed","name":"F"}', '{"type":"record"}', '3', 'syntax = "proto3";'])(
    'is not %s',
    (text) => {
      expect(() => parseSchema(text)).toThrow();
    },
  );
});
