import { sideBySide } from '../side-by-side.ts';
import type { SchemaId } from './framing.ts';
import type { SchemaRegistry } from './registry.ts';
import { SUBJECTS, schemaTextOf } from './schemas.ts';

/** A schema as the registry knows it. */
export interface Registered {
  readonly subject: string;
  readonly id: SchemaId;
}

/** Requests at the same time: a registry that has just begun is slow, and each has but some seconds. */
const AT_ONCE = 4;

/**
 * Registers every schema of the catalog; those that are there keep their ids. From then on the registry
 * refuses breaking changes.
 *
 * @throws PermanentError SCHEMA_INCOMPATIBLE when a schema breaks readers of its last version
 * @throws TransientError REGISTRY_UNAVAILABLE
 */
export const registerSchemas = async (registry: SchemaRegistry): Promise<readonly Registered[]> => {
  await registry.requireBackward();
  const ids = new Map<string, SchemaId>();
  await sideBySide(SUBJECTS, AT_ONCE, async ({ subject, type }) => {
    ids.set(subject, await registry.register(subject, schemaTextOf(type)));
  });
  return [...ids].map(([subject, id]) => ({ subject, id })).sort((a, b) => a.subject.localeCompare(b.subject));
};
