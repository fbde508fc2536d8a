import { HEADER, type RawRecord } from '../../events/index.ts';

/** What happens to a record on its way, with a client that is broken or knows no schema. */
export type Spoiling = (record: RawRecord) => RawRecord;

const json =
  (text: string): Spoiling =>
  (record) => ({ ...record, value: Buffer.from(text) });

const garbage: Spoiling = ({ value, ...record }) => ({
  ...record,
  // Not a byte as it was, and neither a frame's first byte nor a brace.
  value: Buffer.from((value ?? Buffer.alloc(8)).map((byte, i) => (i === 0 ? 0x2a : byte ^ 0x5a))),
});

const cutShort: Spoiling = ({ value, ...record }) => ({
  ...record,
  value: value?.subarray(0, Math.ceil(value.length / 2)) ?? null,
});

const unknownSchema: Spoiling = ({ value, ...record }) => ({
  ...record,
  value: Buffer.concat([Buffer.from([0, 0x7f, 0xff, 0xff, 0xff]), value?.subarray(5) ?? Buffer.alloc(0)]),
});

const unknownType: Spoiling = (record) => ({
  ...record,
  value: Buffer.from('{"eventType":"nobody.knows.this","payload":{}}'),
  headers: record.headers.filter(([name]) => name !== HEADER.eventType),
});

/** Ways in which nobody can make sense of a record any more. */
export const spoilings: readonly [Spoiling, ...Spoiling[]] = [
  garbage,
  cutShort,
  unknownSchema,
  unknownType,
  json('{"eventId":"1","payload":[]}'),
  json('{"unfinished":'),
];
