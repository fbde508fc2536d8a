import { PermanentError } from '../../lib/errors.ts';
import type { SchemaKind, SchemaRegistry } from '../../lib/events/index.ts';

/** A schema as a test gives it: the text of an Avro schema, or of any kind. */
export type GivenSchema =
  | string
  | { readonly kind: SchemaKind; readonly text: string; readonly references?: readonly string[] };

/** The schemas by id, as a registry would give them; the registry itself is met in the integration tests. */
export const registryOf = (schemas: readonly GivenSchema[], subject = 'test-value'): SchemaRegistry => {
  const described: SchemaRegistry['described'] = async (id) => {
    const given = typeof id === 'number' ? schemas[id] : undefined;
    if (given === undefined) throw new PermanentError('SCHEMA_UNKNOWN', `no schema ${id}`);
    const { kind, text, references = [] } = typeof given === 'string' ? { kind: 'AVRO' as const, text: given } : given;
    return { kind, text, references: references.map((each, i) => ({ name: `reference-${i}`, text: each })) };
  };
  return {
    register: async (_, schema) => schemas.indexOf(schema),
    idOf: async (_, schema) => schemas.indexOf(schema),
    schema: async (id) => (await described(id)).text,
    described,
    usesOf: async (id) => [{ subject, version: Number(id) + 1 }],
    requireBackward: async () => undefined,
    subjects: async () => [],
    versions: async () => [],
    compatibility: async () => 'BACKWARD',
  };
};
