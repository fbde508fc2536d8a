export { type Codec, openCodec } from './codec.ts';
export { canRead, reads } from './compatibility.ts';
export {
  DEAD_LETTER_HEADER,
  deadLetter,
  type FailedRecord,
  type FailureHistory,
  firstPlaceOf,
  firstTimestampOf,
  PATCHED_HEADER,
  positionEventId,
  putBack,
  REDRIVE_HEADER,
} from './dead-letter.ts';
export {
  type DescribedSchema,
  kindName,
  type ReferencedSchema,
  type SchemaKind,
  type SchemaUse,
  schemaKind,
  schemaName,
} from './described-schema.ts';
export type { AnyEvent, EventOf } from './envelope.ts';
export { type EventOrigin, eventOf } from './event.ts';
export { isFramed, type SchemaId, unframed } from './framing.ts';
export { derivedEventId, newEventId } from './ids.ts';
export { type EnvelopeDefaults, eventFromJson } from './json.ts';
export { type LetterPlace, letterId, placeOfLetter } from './letter-id.ts';
export { type EventHeaders, keyIn, keyOf, recordOf } from './outbound.ts';
export { type AddEvents, type Outbox, type OutboxConnection, openOutbox } from './outbox.ts';
export type { EventInputs, EventPayloads } from './payloads.generated.ts';
export { openPublisher, type Published, type Publisher, type PublisherOptions } from './publisher.ts';
export {
  CONTENT_TYPE,
  HEADER,
  type Headers,
  headerText,
  type InboundRecord,
  positionOf,
  type RawRecord,
} from './record.ts';
export { type Registered, registerSchemas } from './registration.ts';
export { openRegistry, type SchemaRegistry, type SchemaVersion } from './registry.ts';
export { eventTypeOfRecord, SUBJECTS, schemaTextOf, subjectOf } from './schemas.ts';
export { timeIn, timeOf } from './times.ts';
