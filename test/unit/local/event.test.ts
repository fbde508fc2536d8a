import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KafkaRecord } from '../../../lib/kafka/index.ts';
import { type EventSource, eventOf, exceedsPayload, frameBytes } from '../../../lib/local/functions/event.ts';
import { byPartition } from '../../../lib/local/functions/ledger.ts';
import { LIMITS } from '../../../lib/local/functions/limits.ts';
import { sourceRecord } from '../../../lib/local/functions/record.ts';
import { recordOf } from '../../support/source-records.ts';

const sample = JSON.parse(readFileSync(new URL('../../events/msk.json', import.meta.url), 'utf8'));
const SOURCE: EventSource = { topic: 't', eventSourceArn: 'arn:aws:kafka:x', bootstrapServers: 'localhost:9092' };

type Fields = Partial<KafkaRecord>;

const message = (some: Fields = {}): KafkaRecord => ({
  key: null,
  value: null,
  timestamp: 1_545_084_650_987n,
  timestampType: 'CREATE_TIME',
  offset: 15,
  headers: [],
  ...some,
});
const encoded = (some: Fields) => JSON.parse(sourceRecord('t', 0, message(some)).json);

describe('the event of a batch', () => {
  it('is the sample of the Lambda Developer Guide, made from the same record', () => {
    const [record] = sample.records['mytopic-0'];
    const source = { topic: 'mytopic', ...sample };
    const made = sourceRecord(
      'mytopic',
      0,
      message({
        key: Buffer.from(record.key, 'base64'),
        value: Buffer.from(record.value, 'base64'),
        headers: [['headerKey', Buffer.from('headerValue')]],
      }),
    );
    // The guide's key is no canonical base64: its last character has bits that no byte has.
    const key = Buffer.from(record.key, 'base64').toString('base64');
    const expected = { ...sample, records: { 'mytopic-0': [{ ...record, key }] } };
    expect(JSON.parse(eventOf(source, [made]))).toEqual(expected);
    expect(Object.keys(JSON.parse(made.json))).toEqual(Object.keys(record));
  });

  it('has one list a partition, in the order of the batch', () => {
    const records = [recordOf(3, 1), recordOf(3, 2), recordOf(0, 9)];
    const { records: lists } = JSON.parse(eventOf(SOURCE, records));
    expect(Object.keys(lists)).toEqual(['t-3', 't-0']);
    expect(lists['t-3'].map(({ offset }: { offset: number }) => offset)).toEqual([1, 2]);
  });

  it('is as large as was reckoned, or a little smaller', () => {
    const batches = fc.array(fc.tuple(fc.nat(12), fc.string({ unit: 'grapheme' })), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(batches, (some) => {
        const all = some.map(([partition, value], offset) => recordOf(partition, offset, { value }));
        const groups = byPartition(all);
        const records = [...groups.values()].flat();
        const size = Buffer.byteLength(eventOf(SOURCE, records));
        const reckoned = records.reduce((sum, { bytes }) => sum + bytes, frameBytes(SOURCE, groups.size));
        expect(size).toBeLessThanOrEqual(reckoned + records.length);
        expect(size).toBeGreaterThan(reckoned - 20 * groups.size);
      }),
    );
  });

  it('cannot hold a record that alone exceeds 6 MB, base64 and all', () => {
    const fits = recordOf(0, 1, { value: 'x'.repeat(4_718_000) });
    const not = recordOf(0, 1, { value: 'x'.repeat(4_719_000) });
    expect([exceedsPayload(SOURCE, fits), exceedsPayload(SOURCE, not)]).toEqual([false, true]);
    expect(Buffer.byteLength(eventOf(SOURCE, [fits]))).toBeLessThanOrEqual(LIMITS.payloadBytes);
  });
});

describe('a record of an event', () => {
  it('has no key when the record has none, but an empty one when it is empty', () => {
    expect('key' in encoded({})).toBe(false);
    expect(encoded({ key: Buffer.alloc(0) }).key).toBe('');
  });

  it('has a null value for a tombstone, but an empty one when it is empty', () => {
    expect(encoded({ value: null }).value).toBeNull();
    expect(encoded({ value: Buffer.alloc(0) }).value).toBe('');
  });

  it('has one object a header, repeated names included, and its bytes as numbers', () => {
    const headers: KafkaRecord['headers'] = [
      ['a', Buffer.from('1')],
      ['ü"\\', Buffer.from([0, 255])],
      ['a', Buffer.from('2')],
      ['none', null],
    ];
    expect(encoded({ headers }).headers).toEqual([{ a: [49] }, { 'ü"\\': [0, -1] }, { a: [50] }, { none: [] }]);
    expect(encoded({}).headers).toEqual([]);
  });

  it('has header bytes from -128 to 127, as those of AWS', () => {
    // aws/aws-lambda-go, events/testdata/kafka-event.json, and what events/kafka_test.go reads of it.
    const headers: KafkaRecord['headers'] = [['headerKey', Buffer.from([118, 220, 0, 127, 128])]];
    expect(encoded({ headers }).headers).toEqual([{ headerKey: [118, -36, 0, 127, -128] }]);
  });

  it('tells who set its time', () => {
    expect(encoded({}).timestampType).toBe('CREATE_TIME');
    expect(encoded({ timestampType: 'LOG_APPEND_TIME' }).timestampType).toBe('LOG_APPEND_TIME');
  });

  it('is JSON of what Kafka had, and knows its own size, whatever its bytes are', () => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 50 }).map((array) => Buffer.from(array)));
    const headers = fc.array(fc.tuple(fc.string({ unit: 'binary' }), bytes), { maxLength: 5 });
    fc.assert(
      fc.property(bytes, bytes, headers, fc.nat(), (key, value, some, offset) => {
        const record = sourceRecord('t', 4, message({ key, value, headers: some, offset }));
        expect(record.bytes).toBe(Buffer.byteLength(record.json));
        const read = JSON.parse(record.json);
        expect(read).toMatchObject({ topic: 't', partition: 4, offset, timestamp: 1545084650987 });
        expect(read.key).toBe(key?.toString('base64'));
        expect(read.value).toBe(value === null ? null : value.toString('base64'));
        expect(read.headers).toHaveLength(some.length);
      }),
    );
  });
});
