import type { SchemaRegistry } from './registry.ts';
import { SUBJECTS, schemaTextOf } from './schemas.ts';

/** A schema as the registry knows it. */
export interface Registered {
  readonly subject: string;
  readonly id: number;
}

/**
 * Requests at a time. A registry that has just started on a busy machine would answer the last of seventy only after the
 * client has given it up.
 */
const AT_ONCE = 4;

/**
 * Registers every schema of the catalog, some side by side; those that are there keep their ids. From then on the registry
 * refuses breaking changes.
 *
 * @throws PermanentError SCHEMA_INCOMPATIBLE when a schema breaks readers of its last version
 * @throws TransientError REGISTRY_UNAVAILABLE
 */
export const registerSchemas = async (registry: SchemaRegistry): Promise<readonly Registered[]> => {
  await registry.requireBackward();
  const registered = new Map<string, Registered>();
  const rest = SUBJECTS.values();
  const worker = async (): Promise<void> => {
    for (const { subject, type } of rest) {
      registered.set(subject, { subject, id: await registry.register(subject, schemaTextOf(type)) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return SUBJECTS.flatMap(({ subject }) => registered.get(subject) ?? []);
};
