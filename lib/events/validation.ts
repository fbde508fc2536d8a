import avro from 'avsc';
import type { EventType } from '../catalog/index.ts';
import { PermanentError } from '../errors.ts';
import { type AvroField, type AvroRecord, type AvroSchema, isRecord, isUnion } from './avro-schema.ts';
import type { AnyEvent, EventOf } from './envelope.ts';
import { exactType } from './exact-long.ts';
import { schemaOf, schemaTextOf } from './schemas.ts';
import { timeOf } from './times.ts';

/** What an id may look like: any identifier that is safe in a Redis key and a header. */
const EVENT_ID = /^[\w.:-]{1,128}$/;

const types = new Map<EventType, avro.Type>();

/** The compiled schema of an event type. */
export const avroTypeOf = (type: EventType): avro.Type => {
  const known = types.get(type) ?? exactType(schemaTextOf(type));
  types.set(type, known);
  return known;
};

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/**
 * A copy of `value` with the schema's defaults where fields are absent, and without fields that the schema does not know:
 * they may come from a newer version.
 *
 * @throws PermanentError INVALID_EVENT when a field without a default is absent
 */
const completed = (schema: AvroSchema, value: unknown, path: string): unknown => {
  if (typeof schema === 'string' || value === null) return value;
  if (isUnion(schema)) {
    const branch = isObject(value) ? schema.find(isRecord) : undefined;
    return branch === undefined ? value : completed(branch, value, path);
  }
  switch (schema.type) {
    case 'record':
      return isObject(value) ? completedRecord(schema, value, path) : value;
    case 'array':
      return Array.isArray(value) ? value.map((item, i) => completed(schema.items, item, `${path}[${i}]`)) : value;
    case 'map':
      return isObject(value)
        ? Object.fromEntries(
            Object.entries(value).map(([key, item]) => [key, completed(schema.values, item, `${path}.${key}`)]),
          )
        : value;
    case 'enum':
      return value;
  }
};

const completedRecord = (schema: AvroRecord, value: Fields, path: string): Fields =>
  Object.fromEntries(
    schema.fields.map((field) => {
      const name = path === '' ? field.name : `${path}.${field.name}`;
      const given = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
      return [field.name, given === undefined ? defaultOf(field, name) : completed(field.type, given, name)];
    }),
  );

const defaultOf = ({ default: value }: AvroField, path: string): unknown => {
  if (value === undefined) throw new PermanentError('INVALID_EVENT', `The field ${path} is missing.`);
  return structuredClone(value);
};

/** A type as people call it. */
const wordOf = (type: avro.Type): string => {
  if (avro.Type.isType(type, 'enum')) return `one of ${JSON.parse(JSON.stringify(type)).symbols.join(', ')}`;
  if (avro.Type.isType(type, 'union:unwrapped', 'union:wrapped')) return 'of another type';
  if (avro.Type.isType(type, 'record', 'map')) return 'an object';
  if (avro.Type.isType(type, 'array')) return 'a list';
  return `of type ${type.typeName.replace('abstract:', '')}`;
};

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

/** A faulty event or payload in one sentence; undefined when there is no fault. */
const faultIn = (type: avro.Type, value: unknown, root: string): string | undefined => {
  let fault: string | undefined;
  type.isValid(value, {
    noUndeclaredFields: false,
    errorHook: (path, found, wanted) => {
      fault ??= `The field ${[...(root === '' ? [] : [root]), ...path].join('.') || 'value'} must be ${wordOf(wanted)}, not ${shown(found)}.`;
    },
  });
  return fault;
};

const isValidEvent = <Type extends EventType>(type: Type, value: unknown): value is EventOf<Type> =>
  avroTypeOf(type).isValid(value);

/**
 * Checks a value against the schema of an event type, with absent fields filled from the schema's defaults.
 *
 * @throws PermanentError INVALID_EVENT, with the first fault as its message
 */
export const checkedEvent = <Type extends EventType>(type: Type, value: unknown): EventOf<Type> => {
  const event = completed(schemaOf(type), value, '');
  if (!isValidEvent(type, event)) {
    throw new PermanentError('INVALID_EVENT', faultIn(avroTypeOf(type), event, '') ?? `It is no ${type} event.`);
  }
  return withSoundEnvelope(event);
};

/**
 * What the schema cannot say of an envelope: the type is the schema's, the id can serve as one, the timestamp is a time.
 *
 * @throws PermanentError INVALID_EVENT
 */
export const withSoundEnvelope = <Event extends AnyEvent | EventOf>(
  event: Event,
  type: EventType = event.eventType,
): Event => {
  if (event.eventType !== type) {
    throw new PermanentError(
      'INVALID_EVENT',
      `The field eventType says ${shown(event.eventType)}, but the schema is that of ${type}.`,
    );
  }
  if (!EVENT_ID.test(event.eventId)) {
    throw new PermanentError(
      'INVALID_EVENT',
      `The field eventId must be a UUID or another id of at most 128 letters, digits and .:_-, not ${shown(event.eventId)}.`,
    );
  }
  timeOf('The field timestamp', event.timestamp);
  return event;
};
