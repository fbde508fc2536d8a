import type { SchemaId } from './framing.ts';

/** What kinds of schemas registries keep, as their APIs name them. */
export type SchemaKind = 'AVRO' | 'JSON' | 'PROTOBUF';

const KIND_NAMES: Readonly<Record<SchemaKind, string>> = { AVRO: 'Avro', JSON: 'JSON', PROTOBUF: 'Protobuf' };

/** A kind as people call it. */
export const kindName = (kind: SchemaKind): string => KIND_NAMES[kind];

/** @param kind as a registry says it; none is said of Avro, which was there first */
export const schemaKind = (kind = 'AVRO'): SchemaKind => (kind === 'JSON' || kind === 'PROTOBUF' ? kind : 'AVRO');

/** A schema with all that is needed to read what was written with it. */
export interface DescribedSchema {
  readonly kind: SchemaKind;
  readonly text: string;
  /** What it refers to, each after those it itself refers to. */
  readonly references: readonly ReferencedSchema[];
}

export interface ReferencedSchema {
  /** As the referring schema calls it: a full name in Avro, a path in Protobuf. */
  readonly name: string;
  readonly text: string;
}

/** Where a schema is registered. */
export interface SchemaUse {
  readonly subject: string;
  readonly version: number;
}

/**
 * A schema as a sentence names it, e.g. `Protobuf schema orders-value, version 3 (id 17)`.
 *
 * @param uses where it is registered; the first whose subject begins with the topic is told
 * @param topic of the record
 */
export const schemaName = (kind: SchemaKind, id: SchemaId, uses: readonly SchemaUse[], topic: string): string => {
  const use = uses.find(({ subject }) => subject.startsWith(`${topic}-`)) ?? uses[0];
  const place = use === undefined ? `with id ${id}` : `${use.subject}, version ${use.version} (id ${id})`;
  return `${kindName(kind)} schema ${place}`;
};
