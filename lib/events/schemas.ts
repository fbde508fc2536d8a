import { type EventType, eventTypesOf, TOPICS, type TopicName } from '../catalog/index.ts';
import { type AvroRecord, fullName } from './avro-schema.ts';
import { SCHEMAS } from './generated.ts';

/** The schema of a whole event of this type. */
export const schemaOf = (type: EventType): AvroRecord => SCHEMAS[type];

/** The schema as registries and other clients get it. */
export const schemaTextOf = (type: EventType): string => JSON.stringify(SCHEMAS[type]);

/**
 * The registry's subject of an event type: TopicRecordNameStrategy, `<topic>-<record's full name>`. Several types share a
 * topic and each evolves by itself, which one union under `<topic>-value` would not allow.
 */
export const subjectOf = (topic: TopicName, type: EventType): string => `${topic}-${fullName(SCHEMAS[type])}`;

/** Every schema of the catalog with its topic and subject. */
export const SUBJECTS: readonly { readonly topic: TopicName; readonly type: EventType; readonly subject: string }[] =
  TOPICS.flatMap((entry) =>
    eventTypesOf(entry).map((type) => ({ topic: entry.name, type, subject: subjectOf(entry.name, type) })),
  );

const TYPE_OF_RECORD = new Map<string, EventType>(SUBJECTS.map(({ type }) => [fullName(SCHEMAS[type]), type]));

/** The event type whose schema has this record name, or undefined. */
export const eventTypeOfRecord = (recordName: string): EventType | undefined => TYPE_OF_RECORD.get(recordName);
