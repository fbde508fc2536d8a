import { StreamError } from '../../errors.ts';
import { type AvroField, type AvroRecord, type AvroSchema, fieldOf, isRecord, isUnion } from '../avro-schema.ts';

/** One schema file. */
export interface SchemaFile {
  /** The file's name without `.avsc`. */
  readonly eventType: string;
  readonly schema: AvroRecord;
}

const HEADER = '// Made from schemas/*.avsc by `npm run generate`. Do not edit.\n';

/** TypeScript's words for Avro's primitive types; a long beyond 2^53 is refused by the codec. */
const PRIMITIVES: Readonly<Record<string, string>> = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  string: 'string',
  bytes: 'Uint8Array',
};

/** Whether types are for reading (every field is there) or for making an event (fields with a default may be left out). */
type Use = 'read' | 'make';

/**
 * The modules that are made from the schema files.
 *
 * @param files one a schema file, in the order in which they are to appear
 * @returns texts of payloads.generated.ts and schemas.generated.ts
 * @throws StreamError SCHEMA_INCOMPATIBLE when a file is not the schema of a whole event
 */
export const generatedModules = (files: readonly SchemaFile[]): { payloads: string; schemas: string } => ({
  payloads: [
    HEADER,
    ...files.map(payloadTypes),
    eventMap('EventPayloads', files, ''),
    eventMap('EventInputs', files, 'Input'),
  ].join('\n'),
  schemas: [
    HEADER,
    "import type { EventType } from '../catalog/index.ts';",
    "import type { AvroRecord } from './avro-schema.ts';",
    '',
    '/** The schema of each event type: the whole event, envelope included. */',
    'export const SCHEMAS: Readonly<Record<EventType, AvroRecord>> = {',
    // One line a schema: people read the .avsc files.
    ...files.map(({ eventType, schema }) => `  '${eventType}': ${JSON.stringify(schema)},`),
    '};',
    '',
  ].join('\n'),
});

const payloadOf = ({ eventType, schema }: SchemaFile): AvroRecord => {
  const payload = fieldOf(schema, 'payload')?.type;
  if (payload === undefined || !isRecord(payload)) {
    throw new StreamError('SCHEMA_INCOMPATIBLE', `schemas/${eventType}.avsc has no record named payload.`, {
      next: 'A schema file describes the whole event; copy the envelope from another one',
    });
  }
  return payload;
};

const payloadTypes = (file: SchemaFile): string => {
  const { name, doc } = file.schema;
  const { fields } = payloadOf(file);
  const read = `export interface ${name} ${record(fields, 'read', '')}`;
  const make = `export interface ${name}Input ${record(fields, 'make', '')}`;
  return `${comment(doc, '')}${read}\n\n/** {@link ${name}} as it is made: what has a default may be left out. */\n${make}\n`;
};

const eventMap = (name: string, files: readonly SchemaFile[], suffix: string): string =>
  [
    `export interface ${name} {`,
    ...files.map(({ eventType, schema }) => `  readonly '${eventType}': ${schema.name}${suffix};`),
    '}\n',
  ].join('\n');

const record = (fields: readonly AvroField[], use: Use, indent: string): string => {
  const inner = `${indent}  `;
  const lines = fields.map(({ name, type, doc, default: value }) => {
    const optional = use === 'make' && value !== undefined ? '?' : '';
    return `${comment(doc, inner)}${inner}readonly ${name}${optional}: ${typescript(type, use, inner)};`;
  });
  return ['{', ...lines, `${indent}}`].join('\n');
};

const comment = (doc: string | undefined, indent: string): string =>
  doc === undefined ? '' : `${indent}/** ${doc.replaceAll('*/', '* /')} */\n`;

const typescript = (schema: AvroSchema, use: Use, indent: string): string => {
  if (typeof schema === 'string') return primitive(schema);
  if (isUnion(schema)) return schema.map((branch) => typescript(branch, use, indent)).join(' | ');
  switch (schema.type) {
    case 'record':
      return record(schema.fields, use, indent);
    case 'enum':
      return schema.symbols.map((symbol) => `'${symbol}'`).join(' | ');
    case 'array':
      return `readonly (${typescript(schema.items, use, indent)})[]`;
    case 'map':
      return `Readonly<Record<string, ${typescript(schema.values, use, indent)}>>`;
  }
};

const primitive = (name: string): string => {
  const word = PRIMITIVES[name];
  if (word === undefined) {
    throw new StreamError('SCHEMA_INCOMPATIBLE', `The Avro type ${name} is not one that types can be made for.`, {
      next: 'Write the type out where it is used, or teach lib/events/generation about it',
    });
  }
  return word;
};
