import type { EventType } from '../catalog/index.ts';
import { parseSchema, programValue, type SchemaNode, valueReader } from './avro/index.ts';
import type { DescribedSchema } from './described-schema.ts';
import { exactType } from './exact-long.ts';
import { eventTypeOfRecord, schemaTextOf } from './schemas.ts';
import { avroTypeOf } from './validation.ts';

/** What reads values of one Avro schema as our events. */
export interface Writer {
  /** The record's name with its namespace; undefined of what is no record. */
  readonly name: string | undefined;
  /** Undefined where the schema is that of no event. */
  readonly eventType: EventType | undefined;
  /** @throws Error when the bytes are no value of the schema, or the value is none of our schema */
  readonly read: (body: Buffer) => unknown;
}

/**
 * @param schema what the values were written with
 * @throws Error when it is no Avro schema
 */
export const writerOf = ({ text, references }: DescribedSchema): Writer => {
  const node = parseSchema(
    text,
    references.map((reference) => reference.text),
  );
  const name = node.kind === 'record' ? node.name : undefined;
  const eventType = name === undefined ? undefined : eventTypeOfRecord(name);
  if (eventType === undefined) return { name, eventType, read: valueReader(node, programValue) };
  return { name, eventType, read: compiled(text, eventType) ?? resolved(node, eventType) };
};

/** Fast code for schemas of which ours reads every value; undefined where it depends on the value, which avsc refuses. */
const compiled = (text: string, eventType: EventType): Writer['read'] | undefined => {
  try {
    const reader = avroTypeOf(eventType);
    const resolver = reader.createResolver(exactType(text));
    return (body) => reader.fromBuffer(body, resolver);
  } catch {
    return undefined;
  }
};

const resolved = (node: SchemaNode, eventType: EventType): Writer['read'] =>
  valueReader(node, programValue, parseSchema(schemaTextOf(eventType)));
