import avro from 'avsc';
import { LRUCache } from 'lru-cache';
import { type EventType, topicOf } from '../catalog/index.ts';
import { messageOf, PermanentError } from '../errors.ts';
import { isoTime } from '../record-time.ts';
import { positionEventId } from './dead-letter.ts';
import type { AnyEvent, EventOf } from './envelope.ts';
import { framed, type SchemaId, unframed } from './framing.ts';
import { isUuid } from './ids.ts';
import { eventFromJson } from './json.ts';
import { HEADER, headerText, type InboundRecord } from './record.ts';
import type { SchemaRegistry } from './registry.ts';
import { eventTypeOfRecord, schemaTextOf, subjectOf } from './schemas.ts';
import { avroTypeOf, withSoundEnvelope } from './validation.ts';

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
   * The event in a record: framed Avro of any version that ours can read, or JSON.
   *
   * @throws PermanentError TOMBSTONE, UNDECODABLE, UNKNOWN_EVENT_TYPE, INVALID_EVENT, SCHEMA_UNKNOWN
   * @throws TransientError REGISTRY_UNAVAILABLE
   */
  decode(record: InboundRecord): Promise<EventOf>;
  /**
   * Whatever a framed value holds, by the schema it was written with; for people who look at records.
   *
   * @throws PermanentError UNDECODABLE, SCHEMA_UNKNOWN; TransientError REGISTRY_UNAVAILABLE
   */
  decodeAvro(value: Buffer): Promise<unknown>;
}

const OPENING_BRACE = 0x7b;
const KEPT_WRITERS = 500;

/** The schema a value was written with, and what reads it as one of our events. */
interface Writer {
  readonly type: avro.Type;
  readonly eventType: EventType | undefined;
  readonly read: (body: Buffer) => unknown;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @param registry where the schemas' ids come from */
export const openCodec = (registry: SchemaRegistry): Codec => {
  const writers = new LRUCache<SchemaId, Writer>({ max: KEPT_WRITERS });

  const writerOf = async (id: SchemaId): Promise<Writer> => {
    const known = writers.get(id);
    if (known !== undefined) return known;
    const writer = compiled(id, await registry.schema(id));
    writers.set(id, writer);
    return writer;
  };

  const readAvro = async (value: Buffer): Promise<EventOf> => {
    const { schemaId, body } = unframed(value);
    const writer = await writerOf(schemaId);
    if (writer.eventType === undefined) {
      throw new PermanentError(
        'UNKNOWN_EVENT_TYPE',
        `No event type has the schema ${writer.type.name ?? 'without a name'} (id ${schemaId}).`,
      );
    }
    const event = decoded(() => writer.read(body));
    if (!isEventOf(event)) throw new PermanentError('UNDECODABLE', 'The value does not hold an event.');
    return withSoundEnvelope(event, writer.eventType);
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
      const { value, headers, timestamp } = record;
      if (value === null) throw new PermanentError('TOMBSTONE', 'The record has no value (a tombstone).');
      if (value[0] !== OPENING_BRACE) return readAvro(value);
      return eventFromJson(
        record.topic,
        decoded(() => utf8.decode(value)),
        {
          eventType: headerText(headers, HEADER.eventType),
          correlationId: headerText(headers, HEADER.correlationId),
          timestamp: isoTime(timestamp),
          // The same record is the same event, however often it is delivered; and however often it is published, where its
          // publisher gave it an id.
          eventId: givenId(headerText(headers, HEADER.eventId)) ?? positionEventId(record),
        },
      );
    },
    decodeAvro: async (value) => {
      const { schemaId, body } = unframed(value);
      const { type } = await writerOf(schemaId);
      return decoded((): unknown => type.fromBuffer(body));
    },
  };
};

const givenId = (text: string | undefined): string | undefined =>
  text !== undefined && isUuid(text) ? text : undefined;

const compiled = (id: SchemaId, schema: string): Writer => {
  try {
    const type = avro.Type.forSchema(JSON.parse(schema));
    const eventType = type.name === undefined ? undefined : eventTypeOfRecord(type.name);
    if (eventType === undefined) return { type, eventType, read: (body) => type.fromBuffer(body) };
    const reader = avroTypeOf(eventType);
    const resolver = reader.createResolver(type);
    return { type, eventType, read: (body) => reader.fromBuffer(body, resolver) };
  } catch (error) {
    throw new PermanentError('UNDECODABLE', `The schema with id ${id} cannot be read by ours: ${messageOf(error)}.`, {
      cause: error,
    });
  }
};

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
