import { LRUCache } from 'lru-cache';
import { type EventType, topicOf } from '../catalog/index.ts';
import { messageOf, PermanentError } from '../errors.ts';
import { isTime, timeText } from '../record-time.ts';
import { positionEventId } from './dead-letter.ts';
import { type SchemaKind, schemaName } from './described-schema.ts';
import type { AnyEvent, EventOf } from './envelope.ts';
import { framed, type SchemaId, unframed } from './framing.ts';
import { isUuid } from './ids.ts';
import { eventFromJson } from './json.ts';
import { HEADER, headerText, type InboundRecord } from './record.ts';
import type { SchemaRegistry } from './registry.ts';
import { schemaTextOf, subjectOf } from './schemas.ts';
import { avroTypeOf, withSoundEnvelope } from './validation.ts';
import { type Writer, writerOf } from './writer.ts';

/** Turns events into record values and back. */
export interface Codec {
  /**
   * The value of a record: the registry's framing and Avro, by the newest schema of the event's type.
   *
   * @throws PermanentError INVALID_EVENT when the event does not fit its schema, SCHEMA_UNKNOWN when the registry lacks it
   * @throws TransientError REGISTRY_UNAVAILABLE
   */
  encode(event: AnyEvent | EventOf): Promise<Buffer>;
  /**
   * The event in a record: framed Avro of any version, as far as ours can read the value, or JSON, framed or bare.
   *
   * @throws PermanentError TOMBSTONE, UNDECODABLE, UNKNOWN_EVENT_TYPE, INVALID_EVENT, SCHEMA_UNKNOWN
   * @throws TransientError REGISTRY_UNAVAILABLE
   */
  decode(record: InboundRecord): Promise<EventOf>;
}

const OPENING_BRACE = 0x7b;
const KEPT_WRITERS = 500;

/** What reads the values of one schema: Avro by the schema, JSON by itself; Protobuf cannot be. */
type Reading = { readonly kind: 'AVRO'; readonly writer: Writer } | { readonly kind: 'JSON' | 'PROTOBUF' };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @param registry where the schemas' ids come from */
export const openCodec = (registry: SchemaRegistry): Codec => {
  const readings = new LRUCache<SchemaId, Reading>({ max: KEPT_WRITERS });

  const readingOf = async (id: SchemaId): Promise<Reading> => {
    const known = readings.get(id);
    if (known !== undefined) return known;
    const schema = await registry.described(id);
    const { kind } = schema;
    const reading: Reading = kind === 'AVRO' ? { kind, writer: decoded(() => writerOf(schema)) } : { kind };
    readings.set(id, reading);
    return reading;
  };

  const readFramed = async (record: InboundRecord, value: Buffer): Promise<EventOf> => {
    const { schemaId, body } = unframed(value);
    let kind: SchemaKind = 'AVRO';
    try {
      const reading = await readingOf(schemaId);
      kind = reading.kind;
      if (reading.kind === 'AVRO') return eventOf(reading.writer, schemaId, body);
      if (reading.kind === 'JSON') return eventIn(record, body);
    } catch (error) {
      if (!(error instanceof PermanentError) || error.code !== 'UNDECODABLE') throw error;
      throw new PermanentError(
        'UNDECODABLE',
        `${error.message} ${await writtenWith(registry, kind, schemaId, record)}`,
        {
          cause: error,
        },
      );
    }
    throw new PermanentError(
      'UNDECODABLE',
      `Events are read as Avro or JSON. ${await writtenWith(registry, kind, schemaId, record)}`,
    );
  };

  return {
    encode: async (event) => {
      const entry = topicOf(event.eventType);
      if (entry === undefined) {
        throw new PermanentError('UNKNOWN_EVENT_TYPE', `There is no event type ${JSON.stringify(event.eventType)}.`);
      }
      const { eventType } = withSoundEnvelope(event);
      const id = await registry.idOf(subjectOf(entry.name, eventType), schemaTextOf(eventType));
      return framed(id, encoded(eventType, event));
    },
    decode: async (record) => {
      const { value } = record;
      if (value === null) throw new PermanentError('TOMBSTONE', 'The record has no value (a tombstone).');
      return value[0] === OPENING_BRACE ? eventIn(record, value) : readFramed(record, value);
    },
  };
};

const eventOf = ({ name, eventType, read }: Writer, schemaId: SchemaId, body: Buffer): EventOf => {
  if (eventType === undefined) {
    throw new PermanentError(
      'UNKNOWN_EVENT_TYPE',
      `No event type has the schema ${name ?? 'without a name'} (id ${schemaId}).`,
    );
  }
  const event = decoded(() => read(body));
  if (!isEventOf(event)) throw new PermanentError('UNDECODABLE', 'The value does not hold an event.');
  return withSoundEnvelope(event, eventType);
};

/** @param json UTF-8 */
const eventIn = (record: InboundRecord, json: Buffer): EventOf => {
  const { topic, headers, timestamp } = record;
  return eventFromJson(
    topic,
    decoded(() => utf8.decode(json)),
    {
      eventType: headerText(headers, HEADER.eventType),
      correlationId: headerText(headers, HEADER.correlationId),
      timestamp: () => timeOf(timestamp),
      // The same record is the same event, however often it is delivered; and however often it is published, where its
      // publisher gave it an id.
      eventId: givenId(headerText(headers, HEADER.eventId)) ?? positionEventId(record),
    },
  );
};

/** What a person wants to know of a value that cannot be read; a registry that does not answer keeps nobody from it. */
const writtenWith = async (
  registry: SchemaRegistry,
  kind: SchemaKind,
  id: SchemaId,
  { topic }: InboundRecord,
): Promise<string> => {
  const uses = await registry.usesOf(id).catch(() => []);
  return `It was written with the ${schemaName(kind, id, uses, topic)}.`;
};

const timeOf = (timestamp: number): string => {
  if (isTime(timestamp)) return timeText(timestamp);
  throw new PermanentError(
    'INVALID_EVENT',
    `The event says no time, and the record's own, ${timestamp} ms since 1970, is no time.`,
    { next: 'Redrive it: the record gets the time at which it is written again' },
  );
};

const givenId = (text: string | undefined): string | undefined =>
  text !== undefined && isUuid(text) ? text : undefined;

const decoded = <Value>(read: () => Value): Value => {
  try {
    return read();
  } catch (error) {
    throw new PermanentError('UNDECODABLE', `The value cannot be decoded: ${messageOf(error)}.`, { cause: error });
  }
};

const encoded = (type: EventType, event: AnyEvent | EventOf): Buffer => {
  try {
    return avroTypeOf(type).toBuffer(event);
  } catch (error) {
    throw new PermanentError('INVALID_EVENT', `The event does not fit the schema of ${type}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
};

/** Avro's reader has made the value by our schema; this is only where the compiler is told. */
const isEventOf = (value: unknown): value is EventOf =>
  typeof value === 'object' && value !== null && 'eventType' in value && 'payload' in value;
