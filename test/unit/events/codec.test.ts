import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PermanentError } from '../../../lib/errors.ts';
import { framed, unframed } from '../../../lib/events/framing.ts';
import { eventOf, type InboundRecord, openCodec, putBack, SUBJECTS, schemaTextOf } from '../../../lib/events/index.ts';
import { registryOf } from '../../support/registry-of.ts';

const OURS = SUBJECTS.map(({ type }) => schemaTextOf(type));

const recordWith = (value: Buffer | null): InboundRecord => ({
  topic: 'analytics-events',
  partition: 4,
  offset: 17,
  timestamp: 1_700_000_000_000,
  key: null,
  value,
  headers: [],
});

const scan = eventOf('qr.scanned', { qrId: 'qr-1', userId: 'user-1', action: 'scan' }, { source: 'test' });

describe('Confluent framing', () => {
  it('is taken apart into what it was made of', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.uint8Array(), (id, bytes) => {
        const { schemaId, body } = unframed(framed(id, Buffer.from(bytes)));
        expect(schemaId).toBe(id);
        expect([...body]).toEqual([...bytes]);
      }),
    );
  });

  it('is a zero byte and the id in four bytes, big endian', () => {
    expect([...framed(0x01020304, Buffer.from([9]))]).toEqual([0, 1, 2, 3, 4, 9]);
  });
});

describe('the codec', () => {
  it('reads what it wrote', async () => {
    const codec = openCodec(registryOf(OURS));
    expect(await codec.decode(recordWith(await codec.encode(scan)))).toEqual(scan);
  });

  it('reads events of an older schema, with defaults for what was added since', async () => {
    const older = JSON.parse(schemaTextOf('qr.scanned'));
    const payload = older.fields.find(({ name }: { name: string }) => name === 'payload').type;
    payload.fields = payload.fields.filter(({ name }: { name: string }) => name !== 'referrer');
    const text = JSON.stringify(older);
    const value = framed(0, avro.Type.forSchema(older).toBuffer(scan));
    const event = await openCodec(registryOf([text, ...OURS])).decode(recordWith(value));
    expect(event).toEqual(scan);
  });

  it('keeps longs as they are, as far as a number does', async () => {
    const codec = openCodec(registryOf(OURS));
    const stock = { storeId: 's', sku: 'a', updatedAt: scan.timestamp, userId: 'u', available: 1 };
    for (const version of [-4503599627370497, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, -1, 0]) {
      const event = eventOf('inventory.level.changed', { ...stock, version }, { source: 'test' });
      expect(await codec.decode(recordWith(await codec.encode(event)))).toEqual(event);
    }
  });

  it('reads an event of a newer schema as far as its values are ours: a symbol more, a wider union', async () => {
    const done = eventOf(
      'bulk.qr.generation.completed',
      {
        ...{ batchId: 'b', userId: 'u', status: 'completed', itemCount: 1, succeeded: 1, failed: 0 },
        ...{ zipKey: 'k', zipBytes: 9, requestedAt: scan.timestamp, completedAt: scan.timestamp },
      },
      { source: 'test' },
    );
    const newer = JSON.parse(schemaTextOf('bulk.qr.generation.completed'));
    const payload = newer.fields.find(({ name }: { name: string }) => name === 'payload').type;
    const field = (name: string) => payload.fields.find((each: { name: string }) => each.name === name);
    field('status').type.symbols = ['cancelled', 'completed', 'completed_with_errors'];
    field('zipKey').type = ['null', 'string', 'long'];
    const typed = avro.Type.forSchema(newer, { wrapUnions: 'never' });
    const codec = openCodec(registryOf([JSON.stringify(newer)]));
    const of = (more: object) =>
      recordWith(framed(0, typed.toBuffer({ ...done, payload: { ...done.payload, ...more } })));
    expect(await codec.decode(of({}))).toEqual(done);
    await expect(codec.decode(of({ status: 'cancelled' }))).rejects.toMatchObject({
      code: 'UNDECODABLE',
      message:
        'The value cannot be decoded: enum io.qrsaas.events.BatchOutcome has no symbol cancelled. ' +
        'It was written with the Avro schema test-value, version 1 (id 0).',
    });
    await expect(codec.decode(of({ zipKey: 5 }))).rejects.toMatchObject({
      code: 'UNDECODABLE',
      message: expect.stringContaining('a value was written as long, and string is wanted'),
    });
  });

  it('reads JSON with the frame of a JSON schema, and names a Protobuf schema that it cannot read', async () => {
    const codec = openCodec(
      registryOf(
        [
          { kind: 'JSON', text: '{"type":"object"}' },
          { kind: 'PROTOBUF', text: 'syntax = "proto3"; message Scan { string user_id = 1; }' },
        ],
        'analytics-events-value',
      ),
    );
    const framedJson = framed(0, Buffer.from('{"userId":"u","action":"scan"}'));
    expect((await codec.decode(recordWith(framedJson))).payload).toMatchObject({ userId: 'u', action: 'scan' });
    await expect(codec.decode(recordWith(framed(0, Buffer.from('no'))))).rejects.toMatchObject({
      message: expect.stringMatching(
        /JSON.* It was written with the JSON schema analytics-events-value, version 1 \(id 0\)/,
      ),
    });
    await expect(codec.decode(recordWith(framed(1, Buffer.from([0, 10, 1, 117]))))).rejects.toMatchObject({
      code: 'UNDECODABLE',
      failureClass: 'permanent',
      message:
        'Events are read as Avro or JSON. It was written with the Protobuf schema analytics-events-value, version 2 (id 1).',
    });
  });

  it('gives a record of JSON without an id the same id each time it is delivered', async () => {
    const codec = openCodec(registryOf(OURS));
    const record = recordWith(Buffer.from('{"userId":"u","action":"scan"}'));
    const [first, again] = [await codec.decode(record), await codec.decode(record)];
    expect(again.eventId).toBe(first.eventId);
    expect((await codec.decode({ ...record, offset: 18 })).eventId).not.toBe(first.eventId);
    expect(first.timestamp).toBe(new Date(record.timestamp).toISOString());
  });

  it.each([
    ['before 1970', -62135596800000, '0001-01-01T00:00:00.000Z'],
    ['none, as -1', -1, '1969-12-31T23:59:59.999Z'],
  ])('takes the time of such a record as it is: %s', async (_, timestamp, text) => {
    const record = { ...recordWith(Buffer.from('{"userId":"u","action":"scan"}')), timestamp };
    expect((await openCodec(registryOf(OURS)).decode(record)).timestamp).toBe(text);
  });

  it('refuses such a record for good when its time is none, and takes it once it is put back', async () => {
    const codec = openCodec(registryOf(OURS));
    const record = recordWith(Buffer.from('{"userId":"u","action":"scan"}'));
    for (const timestamp of [1760000000000000000, -9000000000000000]) {
      await expect(codec.decode({ ...record, timestamp })).rejects.toMatchObject({
        code: 'INVALID_EVENT',
        failureClass: 'permanent',
        message: `The event says no time, and the record's own, ${timestamp} ms since 1970, is no time.`,
      });
      const letter = { id: 'analytics-events-4-17', topic: record.topic, redriveCount: 0 };
      const again = { ...record, ...putBack(letter, { ...record, timestamp }) };
      expect((await codec.decode(again)).timestamp).toBe('2023-11-14T22:13:20.000Z');
    }
  });

  it('does not ask a record for its time when the event says it', async () => {
    const { eventId, eventType, payload } = scan;
    const value = Buffer.from(JSON.stringify({ eventId, eventType, timestamp: '2026-01-01T00:00:00.000Z', payload }));
    const record = { ...recordWith(value), timestamp: 1760000000000000000 };
    expect((await openCodec(registryOf(OURS)).decode(record)).timestamp).toBe('2026-01-01T00:00:00.000Z');
  });

  it('takes the id that its publisher gave such a record: published again it is the same event', async () => {
    const codec = openCodec(registryOf(OURS));
    const value = Buffer.from('{"userId":"u","action":"scan"}');
    const id = '01900000-0000-7000-8000-000000000000';
    const given = (text: string, offset: number): InboundRecord => ({
      ...recordWith(value),
      offset,
      headers: [['event-id', Buffer.from(text)]],
    });
    expect((await codec.decode(given(id, 1))).eventId).toBe(id);
    expect((await codec.decode(given(id, 2))).eventId).toBe(id);
    expect((await codec.decode(given('no id', 1))).eventId).not.toBe('no id');
  });

  it.each([
    ['a tombstone', null, 'TOMBSTONE'],
    ['nothing', Buffer.alloc(0), 'UNDECODABLE'],
    ['text', Buffer.from('hello'), 'UNDECODABLE'],
    ['half a frame', Buffer.from([0, 0, 0]), 'UNDECODABLE'],
    ['a frame around nothing', Buffer.from([0, 0, 0, 0, 0]), 'UNDECODABLE'],
    ['an id no registry knows', Buffer.from([0, 1, 2, 3, 4, 5]), 'SCHEMA_UNKNOWN'],
    ['bytes that are no UTF-8 behind a brace', Buffer.from([0x7b, 0xff, 0xfe]), 'UNDECODABLE'],
  ])('refuses %s for good', async (_, value, code) => {
    await expect(openCodec(registryOf(OURS)).decode(recordWith(value))).rejects.toMatchObject({
      code,
      failureClass: 'permanent',
    });
  });

  it('refuses a schema that is none of ours, and one that ours cannot read', async () => {
    const strange = JSON.stringify({ type: 'record', name: 'Other', fields: [] });
    const broken = JSON.stringify({ type: 'record', name: 'QrScanned', namespace: 'io.qrsaas.events', fields: [] });
    const codec = openCodec(registryOf([strange, broken]));
    await expect(codec.decode(recordWith(Buffer.from([0, 0, 0, 0, 0])))).rejects.toMatchObject({
      code: 'UNKNOWN_EVENT_TYPE',
    });
    await expect(codec.decode(recordWith(Buffer.from([0, 0, 0, 0, 1])))).rejects.toMatchObject({ code: 'UNDECODABLE' });
  });

  it('never fails otherwise, whatever the bytes are', async () => {
    const codec = openCodec(registryOf(OURS));
    const id = OURS.indexOf(schemaTextOf('qr.scanned'));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const decoding = codec.decode(recordWith(framed(id, Buffer.from(bytes))));
        await decoding.catch((error: unknown) => expect(error).toBeInstanceOf(PermanentError));
      }),
    );
  });
});
