import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { framed } from '../../../lib/events/framing.ts';
import { openCodec, openRegistry } from '../../../lib/events/index.ts';
import { readable } from '../../../lib/operations/records.ts';
import { avroVersion, readVersion, requireSubject } from '../../../lib/operations/schemas/registered.ts';
import { valueDecoder } from '../../../lib/operations/values/decoder.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
const decode = valueDecoder(settings);
const topic = `orders-${randomUUID().slice(0, 8)}`;

/** Registers a schema as a producer of any kind does; its id. */
const registered = async (subject: string, body: object): Promise<number> => {
  const response = await fetch(`${settings.registryUrl}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify(body),
  });
  const { id } = JSON.parse(await response.text());
  expect(id).toBeGreaterThan(0);
  return id;
};

const avroText = (name: string, fields: readonly object[]): string =>
  JSON.stringify({ type: 'record', name, namespace: `t${topic.replaceAll('-', '')}`, fields });

const place = { topic, partition: 0, offset: 1, timestamp: 1_700_000_000_000, key: null, headers: [], allHeaders: [] };
const shown = (id: number, body: readonly number[]) =>
  readable({ ...place, value: framed(id, Buffer.from(body)) }, decode);

describe('a value whose schema the registry has', () => {
  it('refers to other schemas, which refer to others', async () => {
    await registered(`${topic}-amount`, { schema: avroText('Amount', [{ name: 'minor', type: 'long' }]) });
    const amount = { name: 'Amount', subject: `${topic}-amount`, version: 1 };
    const line = avroText('Line', [{ name: 'price', type: 'Amount' }]);
    await registered(`${topic}-line`, { schema: line, references: [amount] });
    const order = avroText('Order', [
      { name: 'total', type: 'Amount' },
      { name: 'lines', type: { type: 'array', items: 'Line' } },
    ]);
    const references = [amount, { name: 'Line', subject: `${topic}-line`, version: 1 }];
    const id = await registered(`${topic}-value`, { schema: order, references });
    const whole = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    expect(await shown(id, [...whole, 2, 14, 0])).toMatchObject({
      ...{ format: 'avro', problem: null, schema: `Avro schema ${topic}-value, version 1 (id ${id})` },
      value: { total: { minor: '9223372036854775807' }, lines: [{ price: { minor: 7 } }] },
    });
    const found = await requireSubject(openRegistry(settings), `${topic}-value`);
    const read = await readVersion(openRegistry(settings), found);
    expect(avroVersion(read, found).type.name).toMatch(/\.Order$/);
  });

  it('is of Protobuf', async () => {
    const money = 'syntax = "proto3"; package shop; message Money { int64 minor = 1; }';
    await registered(`${topic}-money`, { schemaType: 'PROTOBUF', schema: money });
    const id = await registered(`${topic}-proto-value`, {
      schemaType: 'PROTOBUF',
      schema: `syntax = "proto3"; package shop; import "money.proto"; import "google/protobuf/timestamp.proto";
        message Order { string id = 1; Money total = 2; google.protobuf.Timestamp at = 3; }`,
      references: [{ name: 'money.proto', subject: `${topic}-money`, version: 1 }],
    });
    expect(await shown(id, [0, 10, 1, 111, 18, 2, 8, 7, 26, 2, 8, 5])).toMatchObject({
      ...{ format: 'protobuf', problem: null },
      schema: `Protobuf schema ${topic}-proto-value, version 1 (id ${id})`,
      value: { id: 'o', total: { minor: '7' }, at: { seconds: '5' } },
    });
    const found = await requireSubject(openRegistry(settings), `${topic}-proto-value`);
    const read = await readVersion(openRegistry(settings), found);
    expect(read).toMatchObject({ kind: 'PROTOBUF', text: expect.stringContaining('message Order') });
    expect(() => avroVersion(read, found)).toThrow(/is a Protobuf schema, and only Avro schemas are compared/);
  });

  it('is of a JSON schema', async () => {
    const schema = JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title: topic, type: 'object' });
    const id = await registered(`${topic}-json-value`, { schemaType: 'JSON', schema });
    expect(await shown(id, [...Buffer.from('{"a":[1]}')])).toMatchObject({
      ...{ format: 'json', value: { a: [1] }, problem: null },
      schema: `JSON schema ${topic}-json-value, version 1 (id ${id})`,
    });
  });

  it('that nobody can read tells the function which schema it was', async () => {
    const id = await registered(`${topic}-other-value`, {
      schemaType: 'PROTOBUF',
      schema: `syntax = "proto3"; package p${topic.replaceAll('-', '')}; message A { string s = 1; }`,
    });
    const record = { ...place, value: framed(id, Buffer.from([0, 10, 1, 120])) };
    await expect(openCodec(openRegistry(settings)).decode(record)).rejects.toMatchObject({
      ...{ code: 'UNDECODABLE', failureClass: 'permanent' },
      message: `Events are read as Avro or JSON. It was written with the Protobuf schema ${topic}-other-value, version 1 (id ${id}).`,
    });
  });
});
