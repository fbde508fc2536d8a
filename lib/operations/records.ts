import { messageOf } from '../errors.ts';
import { isFramed } from '../events/index.ts';
import { timeText } from '../record-time.ts';
import type { LogRecord } from './reader.ts';
import { textOf, utf8Of } from './text.ts';
import type { ValueDecoder } from './values/decoder.ts';

/** How a value was read: `empty` is a tombstone, `text` and `binary` what no schema and no JSON explains. */
export type ValueFormat = 'avro' | 'protobuf' | 'json' | 'text' | 'binary' | 'empty';

/** A record as people and programs read it. */
export interface ReadableRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** ISO 8601, UTC; the number itself where a producer wrote what is no time. */
  readonly timestamp: string;
  readonly key: string | null;
  /** Those with a value, by name: of those with one name the last. */
  readonly headers: Readonly<Record<string, string>>;
  /** All of them, in order; null is a header without a value. */
  readonly headerList: readonly { readonly name: string; readonly value: string | null }[];
  readonly format: ValueFormat;
  /** The decoded value; text as it is, bytes in hexadecimal, of a batch that cannot be decoded the first of them. */
  readonly value: unknown;
  /** The registered schema it was written with, e.g. `Avro schema orders-value, version 3 (id 17)`; null without one. */
  readonly schema: string | null;
  /** Why the value could not be decoded; null when it was. */
  readonly problem: string | null;
}

type Value = Pick<ReadableRecord, 'format' | 'value' | 'schema' | 'problem'>;

const plain = (bytes: Buffer, problem: string | null): Value => {
  const text = utf8Of(bytes);
  // A framed value that nobody can decode is often valid UTF-8 by chance; its zero byte gives it away.
  return text === undefined || text.includes('\0')
    ? { format: 'binary', value: bytes.toString('hex'), schema: null, problem }
    : { format: 'text', value: text, schema: null, problem };
};

/** Bytes shown of a batch that cannot be decoded. */
const SHOWN_BYTES = 256;

const valueIn = async ({ value: bytes, topic, undecodable }: LogRecord, decode: ValueDecoder): Promise<Value> => {
  if (undecodable !== undefined) {
    const hex = bytes?.subarray(0, SHOWN_BYTES).toString('hex') ?? '';
    return { format: 'binary', value: hex, schema: null, problem: undecodable.reason };
  }
  if (bytes === null) return { format: 'empty', value: null, schema: null, problem: null };
  if (isFramed(bytes)) {
    try {
      return { ...(await decode(bytes, topic)), problem: null };
    } catch (error) {
      return plain(bytes, messageOf(error));
    }
  }
  const text = utf8Of(bytes);
  if (text === undefined) return plain(bytes, 'neither framed by a registry nor text');
  try {
    return { format: 'json', value: JSON.parse(text), schema: null, problem: null };
  } catch {
    // A value that begins like JSON was meant to be JSON.
    return plain(bytes, /^\s*[{[]/.test(text) ? 'not valid JSON' : null);
  }
};

/** A record of the log made readable; never fails, whatever the bytes are. */
export const readable = async (record: LogRecord, decode: ValueDecoder): Promise<ReadableRecord> => ({
  topic: record.topic,
  partition: record.partition,
  offset: record.offset,
  timestamp: timeText(record.exactTimestamp ?? record.timestamp),
  key: record.key === null ? null : textOf(record.key),
  headers: Object.fromEntries(record.headers.map(([name, value]) => [name, textOf(value)])),
  headerList: record.allHeaders.map(([name, value]) => ({ name, value: value === null ? null : textOf(value) })),
  ...(await valueIn(record, decode)),
});
