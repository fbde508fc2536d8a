import type { SchemaId } from './framing.ts';
import type { SchemaRegistry } from './registry.ts';
import { SUBJECTS, schemaTextOf } from './schemas.ts';

/** A schema as the registry knows it. */
export interface Registered {
  readonly subject: string;
  readonly id: SchemaId;
}

/**
 * Registers every schema of the catalog, side by side; those that are there keep their ids. From then on the registry
 * refuses breaking changes.
 *
 * @throws PermanentError SCHEMA_INCOMPATIBLE when a schema breaks readers of its last version
 * @throws TransientError REGISTRY_UNAVAILABLE
 */
export const registerSchemas = async (registry: SchemaRegistry): Promise<readonly Registered[]> => {
  await registry.requireBackward();
  return Promise.all(
    SUBJECTS.map(async ({ subject, type }) => ({ subject, id: await registry.register(subject, schemaTextOf(type)) })),
  );
};
