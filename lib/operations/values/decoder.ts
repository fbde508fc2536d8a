import { LRUCache } from 'lru-cache';
import { messageOf, PermanentError } from '../../errors.ts';
import { parseSchema, valueReader } from '../../events/avro/index.ts';
import {
  type DescribedSchema,
  openRegistry,
  type SchemaId,
  type SchemaKind,
  type SchemaRegistry,
  schemaName,
  unframed,
} from '../../events/index.ts';
import type { Settings } from '../../settings.ts';
import { shownValue } from './shown.ts';

/** What a framed value holds, for people. */
export interface DecodedValue {
  readonly format: 'avro' | 'json' | 'protobuf';
  /** What JSON holds without loss. */
  readonly value: unknown;
  /** The schema it was written with, as a sentence names it. */
  readonly schema: string;
}

/**
 * Decodes a value with a registry's frame.
 *
 * @param topic of the record: a schema may be registered for several
 * @throws PermanentError UNDECODABLE, which names the schema, or SCHEMA_UNKNOWN; TransientError REGISTRY_UNAVAILABLE
 */
export type ValueDecoder = (framed: Buffer, topic: string) => Promise<DecodedValue>;

const FORMATS = { AVRO: 'avro', JSON: 'json', PROTOBUF: 'protobuf' } as const satisfies Record<
  SchemaKind,
  DecodedValue['format']
>;

/** Decodes framed values of any schema that the registry has. */
export const valueDecoder = (settings: Pick<Settings, 'registryUrl'>): ValueDecoder =>
  decoderWith(openRegistry(settings));

const KEPT = 500;

/** @param registry where the schemas' ids come from */
export const decoderWith = (registry: SchemaRegistry): ValueDecoder => {
  const readers = new LRUCache<SchemaId, (body: Buffer) => unknown>({ max: KEPT });

  const readerOf = async (id: SchemaId, schema: DescribedSchema): Promise<(body: Buffer) => unknown> => {
    const known = readers.get(id);
    if (known !== undefined) return known;
    const made = await readerFor(id, schema);
    readers.set(id, made);
    return made;
  };

  return async (framed, topic) => {
    const { schemaId, body } = unframed(framed);
    const described = await registry.described(schemaId);
    const uses = await registry.usesOf(schemaId);
    const schema = schemaName(described.kind, schemaId, uses, topic);
    try {
      const read = await readerOf(schemaId, described);
      return { format: FORMATS[described.kind], value: read(body), schema };
    } catch (error) {
      throw new PermanentError('UNDECODABLE', `It was written with the ${schema}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  };
};

const readerFor = async (id: SchemaId, schema: DescribedSchema): Promise<(body: Buffer) => unknown> => {
  switch (schema.kind) {
    case 'AVRO': {
      const references = schema.references.map(({ text }) => text);
      return valueReader(parseSchema(schema.text, references), shownValue);
    }
    case 'JSON':
      return (body) => JSON.parse(body.toString('utf8'));
    case 'PROTOBUF': {
      if (typeof id === 'string') throw new Error('how AWS Glue frames Protobuf is not read here');
      const { protobufReader } = await import('./protobuf.ts');
      return protobufReader(schema);
    }
  }
};
