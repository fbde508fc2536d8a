import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { framed } from '../../../lib/events/framing.ts';
import { readable } from '../../../lib/operations/records.ts';
import { decoderWith } from '../../../lib/operations/values/decoder.ts';
import { decimalText, floatShown } from '../../../lib/operations/values/numbers.ts';
import { dateText, durationText, timeOfDayText, timestampText } from '../../../lib/operations/values/times.ts';
import { type GivenSchema, registryOf } from '../../support/registry-of.ts';

const place = { topic: 'orders', partition: 0, offset: 1, timestamp: 0, key: null, headers: [], allHeaders: [] };

const shown = (schema: GivenSchema, body: Buffer) =>
  readable({ ...place, value: framed(0, body) }, decoderWith(registryOf([schema], 'orders-value')));

/** Written by fastavro 1.13.1 by this schema. */
const ALL = {
  schema: JSON.stringify({
    type: 'record',
    name: 't.All',
    fields: [
      { name: 'long', type: 'long' },
      { name: 'low', type: 'long' },
      { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
      { name: 'debt', type: { type: 'fixed', name: 'F8', size: 8, logicalType: 'decimal', precision: 12, scale: 3 } },
      { name: 'day', type: { type: 'int', logicalType: 'date' } },
      { name: 'time', type: { type: 'long', logicalType: 'time-micros' } },
      { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'atMicros', type: { type: 'long', logicalType: 'timestamp-micros' } },
      { name: 'id', type: { type: 'string', logicalType: 'uuid' } },
      { name: 'ratio', type: 'double' },
      { name: 'tenth', type: 'float' },
      { name: 'raw', type: 'bytes' },
      { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['OLD', 'NEW'] } },
      { name: 'either', type: ['null', 'int', 'string', { type: 'array', items: 'long' }] },
      { name: 'counts', type: { type: 'map', values: 'long' } },
    ],
  }),
  body: Buffer.from(
    'feffffffffffffffff01ffffffffffffffffff010601e23afffffffffffffffb01feffbadd830582889cc5c568014836663936313966662d' +
      '386238362d643031312d623432642d303063663466633936346666000000000000f87fcdcccc3d04ff0002060402818080808080802000' +
      '04125f5f70726f746f5f5f0202610400',
    'hex',
  ),
} as const;

describe('a value of a registered Avro schema', () => {
  it('is shown as people write it, and none of its bits is lost', async () => {
    const { format, value, schema, problem } = await shown(ALL.schema, ALL.body);
    expect({ format, schema, problem }).toEqual({
      ...{ format: 'avro', problem: null, schema: 'Avro schema orders-value, version 1 (id 0)' },
    });
    expect(JSON.parse(JSON.stringify(value))).toEqual({
      ...{ long: '9223372036854775807', low: '-9223372036854775808', price: '1234.50', debt: '-0.005' },
      ...{ day: '1969-12-31', time: '23:59:59.999999', at: '2026-11-30T12:00:00.001Z' },
      ...{ atMicros: '1969-12-31T23:59:59.999999Z', id: '6f9619ff-8b86-d011-b42d-00cf4fc964ff' },
      ...{ ratio: 'NaN', tenth: 0.1, raw: '0xff00', status: 'NEW', either: [1, '-9007199254740993'] },
      counts: JSON.parse('{"__proto__":1,"a":2}'),
    });
  });

  it('may refer to other schemas', async () => {
    const text = '{"type":"record","name":"a.Uses","fields":[{"name":"b","type":"a.Base"}]}';
    const base = '{"type":"record","name":"a.Base","fields":[{"name":"n","type":"long"}]}';
    expect((await shown({ kind: 'AVRO', text, references: [base] }, Buffer.from([14]))).value).toEqual({ b: { n: 7 } });
  });

  it('that cannot be decoded is told with its schema', async () => {
    expect(await shown('"long"', Buffer.from([1, 2]))).toMatchObject({
      format: 'binary',
      problem: 'It was written with the Avro schema orders-value, version 1 (id 0): 1 bytes are left behind the value',
    });
  });
});

describe('a logical type', () => {
  it.each([
    [0n, 2, '0.00'],
    [-5n, 2, '-0.05'],
    [-123n, 0, '-123'],
    [12n, -2, '1200'],
    [10n ** 30n, 3, '1000000000000000000000000000.000'],
  ])('decimal %s with scale %s is %s', (unscaled, scale, text) => {
    expect(decimalText(unscaled, scale)).toBe(text);
  });

  it('of a time has every digit that it was written with, and none where no calendar has it', () => {
    expect(timestampText(-1n, 1_000_000_000n)).toBe('1969-12-31T23:59:59.999999999');
    expect(timestampText(1_760_000_000_000_000_000n, 1_000n)).toBeUndefined();
    expect(dateText(20_787n)).toBe('2026-11-30');
    expect(dateText(1n << 40n)).toBeUndefined();
    expect(timeOfDayText(1n, 1_000n)).toBe('00:00:00.001');
    expect(timeOfDayText(86_400_000n, 1_000n)).toBeUndefined();
    expect(durationText(Buffer.from('0e00000003000000e8050000', 'hex'))).toBe('P14M3DT1.512S');
    expect(durationText(Buffer.alloc(12))).toBe('PT0S');
  });

  it('is shown as it is encoded where it is not what it says', async () => {
    const strange = { type: 'long', logicalType: 'timestamp-millis' };
    expect((await shown(JSON.stringify(strange), Buffer.from('feffffffffffffffff01', 'hex'))).value).toBe(
      '9223372036854775807',
    );
    expect((await shown('{"type":"int","logicalType":"unheard-of"}', Buffer.from([14]))).value).toBe(7);
  });

  it('of a big decimal and a binary UUID is text', async () => {
    const big = Buffer.from([8, 4, 0x04, 0xd2, 4]);
    expect((await shown('{"type":"bytes","logicalType":"big-decimal"}', big)).value).toBe('12.34');
    const uuid = Buffer.from('6f9619ff8b86d011b42d00cf4fc964ff', 'hex');
    expect((await shown('{"type":"fixed","name":"U","size":16,"logicalType":"uuid"}', uuid)).value).toBe(
      '6f9619ff-8b86-d011-b42d-00cf4fc964ff',
    );
  });
});

describe('a float', () => {
  it('has as many digits as tell it from the next', () => {
    for (const value of [0.1, 1 / 3, 16_777_217, 3.4e38, -1.5, 0])
      expect(Math.fround(Number(floatShown(Math.fround(value))))).toBe(Math.fround(value));
    expect(floatShown(Math.fround(0.1))).toBe(0.1);
    expect(floatShown(Number.NaN)).toBe('NaN');
    expect(floatShown(Number.NEGATIVE_INFINITY)).toBe('-Infinity');
  });
});

const PROTO = `syntax = "proto3"; package shop;
import "google/protobuf/timestamp.proto";
import "money.proto";
message Unused { string s = 1; }
message Order {
  enum State { NEW = 0; PAID = 1; }
  message Line { string sku = 1; int64 count = 2; }
  string order_id = 1; repeated Line lines = 2; State state = 3; double ratio = 4; bytes raw = 5;
  map<string, int64> counts = 6; google.protobuf.Timestamp at = 7; Money price = 8;
}`;
const MONEY = 'syntax = "proto3"; package shop; message Money { string currency = 1; int64 minor = 2; }';

const order = (): Buffer => {
  const root = new protobuf.Root();
  for (const text of [PROTO, MONEY]) protobuf.parse(text, root, { keepCase: true });
  root.addJSON(protobuf.common.get('google/protobuf/timestamp.proto')?.nested ?? {});
  const type = root.lookupType('shop.Order');
  const made = type.fromObject({
    ...{ order_id: 'o-1', lines: [{ sku: 'a', count: '9007199254740993' }], state: 'PAID', ratio: Number.NaN },
    ...{ raw: Buffer.from([255]), counts: { a: '-1' }, at: { seconds: '1', nanos: 5 } },
    price: { currency: 'EUR', minor: 1 },
  });
  return Buffer.from(type.encode(made).finish());
};

describe('a value of a registered Protobuf schema', () => {
  const schema = { kind: 'PROTOBUF', text: PROTO, references: [MONEY] } as const;
  const named = (given: typeof schema) => {
    const registry = registryOf([given], 'orders-value');
    const described = async (id: number | string) => ({
      ...(await registry.described(id)),
      references: [{ name: 'money.proto', text: MONEY }],
    });
    return decoderWith({ ...registry, described });
  };

  it('is the message that its indexes name, as people write it', async () => {
    // Two indexes: message 1 of the file, Order; a list of one, and its zigzag.
    const value = framed(0, Buffer.concat([Buffer.from([2, 2]), order()]));
    expect(await readable({ ...place, value }, named(schema))).toMatchObject({
      ...{ format: 'protobuf', problem: null, schema: 'Protobuf schema orders-value, version 1 (id 0)' },
      value: {
        ...{ order_id: 'o-1', lines: [{ sku: 'a', count: '9007199254740993' }], state: 'PAID', ratio: 'NaN' },
        ...{ raw: '/w==', counts: { a: '-1' }, at: { seconds: '1', nanos: 5 }, price: { currency: 'EUR', minor: '1' } },
      },
    });
  });

  it('is the first message of its schema when the indexes are a single 0, and a nested one when they lead to it', async () => {
    const of = (bytes: readonly number[]) =>
      readable({ ...place, value: framed(0, Buffer.from(bytes)) }, named(schema));
    expect((await of([0, 10, 1, 120])).value).toEqual({ s: 'x' });
    expect((await of([4, 2, 0, 10, 1, 120])).value).toEqual({ sku: 'x' });
    expect(await of([2, 200, 1, 10, 1, 120])).toMatchObject({
      problem:
        'It was written with the Protobuf schema orders-value, version 1 (id 0): the schema has no message at 100',
    });
  });
});

describe('a value of a registered JSON schema', () => {
  it('is its JSON', async () => {
    expect(await shown({ kind: 'JSON', text: '{}' }, Buffer.from('{"a":1}'))).toMatchObject({
      ...{ format: 'json', value: { a: 1 }, problem: null, schema: 'JSON schema orders-value, version 1 (id 0)' },
    });
  });
});
