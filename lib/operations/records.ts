import { messageOf } from '../errors.ts';
import { timeText } from '../record-time.ts';
import type { LogRecord } from './reader.ts';

/** How a value was read: `empty` is a tombstone, `text` and `binary` what neither Avro nor JSON explains. */
export type ValueFormat = 'avro' | 'json' | 'text' | 'binary' | 'empty';

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
  /** The decoded value; text as it is, bytes in hexadecimal. */
  readonly value: unknown;
  /** Why the value could not be decoded; null when it was. */
  readonly problem: string | null;
}

/** Decodes a value with Confluent framing; the registry client of lib/events brings it. */
export type AvroDecoder = (framed: Buffer) => Promise<unknown>;

/** First byte of the Confluent wire format. */
const MAGIC = 0;
const FRAME_BYTES = 5;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 text, or hexadecimal with a leading 0x for bytes that are none. */
export const textOf = (bytes: Buffer): string => asText(bytes) ?? `0x${bytes.toString('hex')}`;

const asText = (bytes: Buffer): string | undefined => {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
};

type Value = Pick<ReadableRecord, 'format' | 'value' | 'problem'>;

const plain = (bytes: Buffer, problem: string | null): Value => {
  const text = asText(bytes);
  // Framed Avro that nobody can decode is often valid UTF-8 by chance; its zero byte gives it away.
  return text === undefined || text.includes('\0')
    ? { format: 'binary', value: bytes.toString('hex'), problem }
    : { format: 'text', value: text, problem };
};

const valueIn = async (bytes: Buffer | null, decodeAvro: AvroDecoder): Promise<Value> => {
  if (bytes === null) return { format: 'empty', value: null, problem: null };
  if (bytes[0] === MAGIC && bytes.length >= FRAME_BYTES) {
    try {
      return { format: 'avro', value: await decodeAvro(bytes), problem: null };
    } catch (error) {
      return plain(bytes, messageOf(error));
    }
  }
  const text = asText(bytes);
  if (text === undefined) return plain(bytes, 'neither Avro nor text');
  try {
    return { format: 'json', value: JSON.parse(text), problem: null };
  } catch {
    // A value that begins like JSON was meant to be JSON.
    return plain(bytes, /^\s*[{[]/.test(text) ? 'not valid JSON' : null);
  }
};

/** A record of the log made readable; never fails, whatever the bytes are. */
export const readable = async (record: LogRecord, decodeAvro: AvroDecoder): Promise<ReadableRecord> => ({
  topic: record.topic,
  partition: record.partition,
  offset: record.offset,
  timestamp: timeText(record.timestamp),
  key: record.key === null ? null : textOf(record.key),
  headers: Object.fromEntries(record.headers.map(([name, value]) => [name, textOf(value)])),
  headerList: record.allHeaders.map(([name, value]) => ({ name, value: value === null ? null : textOf(value) })),
  ...(await valueIn(record.value, decodeAvro)),
});
