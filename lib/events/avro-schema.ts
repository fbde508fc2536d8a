/**
 * The part of Avro's schema language (Avro 1.12 specification, "Schema Declaration") that this project's schemas use.
 * A schema from a registry may hold anything; these types describe our own files.
 */
export type AvroSchema = AvroName | AvroRecord | AvroEnum | AvroArray | AvroMap | readonly AvroSchema[];

/** A primitive type, or the name of a record or enum defined before. */
export type AvroName = string;

export interface AvroField {
  readonly name: string;
  readonly type: AvroSchema;
  readonly doc?: string;
  readonly default?: unknown;
}

export interface AvroRecord {
  readonly type: 'record';
  readonly name: string;
  readonly namespace?: string;
  readonly doc?: string;
  readonly fields: readonly AvroField[];
}

export interface AvroEnum {
  readonly type: 'enum';
  readonly name: string;
  readonly doc?: string;
  readonly symbols: readonly string[];
  readonly default?: string;
}

export interface AvroArray {
  readonly type: 'array';
  readonly items: AvroSchema;
}

export interface AvroMap {
  readonly type: 'map';
  readonly values: AvroSchema;
}

/** A record's name with its namespace, as registries and other clients know it. */
export const fullName = ({ namespace, name }: Pick<AvroRecord, 'namespace' | 'name'>): string =>
  namespace === undefined ? name : `${namespace}.${name}`;

/** The field of `record` that is named `name`, or undefined. */
export const fieldOf = (record: AvroRecord, name: string): AvroField | undefined =>
  record.fields.find((field) => field.name === name);

export const isUnion = (schema: AvroSchema): schema is readonly AvroSchema[] => Array.isArray(schema);

export const isRecord = (schema: AvroSchema): schema is AvroRecord =>
  typeof schema === 'object' && 'type' in schema && schema.type === 'record';
