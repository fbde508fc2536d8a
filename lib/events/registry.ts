import type { Settings } from '../settings.ts';
import { openConfluentRegistry } from './confluent-registry.ts';
import type { DescribedSchema, SchemaUse } from './described-schema.ts';
import type { SchemaId } from './framing.ts';

/**
 * A schema registry. What it answers never changes for an id, so answers are kept for the life of the process.
 */
export interface SchemaRegistry {
  /**
   * Registers a schema under a subject; of a known one it gives the id it has.
   *
   * @throws PermanentError SCHEMA_INCOMPATIBLE when it breaks readers of earlier versions (409) or is no schema (422)
   * @throws TransientError REGISTRY_UNAVAILABLE
   */
  register(subject: string, schema: string): Promise<SchemaId>;
  /**
   * The id of a registered schema.
   *
   * @throws PermanentError SCHEMA_UNKNOWN when the registry does not have it
   * @throws TransientError REGISTRY_UNAVAILABLE
   */
  idOf(subject: string, schema: string): Promise<SchemaId>;
  /**
   * The text of the schema with this id.
   *
   * @throws PermanentError SCHEMA_UNKNOWN, TransientError REGISTRY_UNAVAILABLE
   */
  schema(id: SchemaId): Promise<string>;
  /**
   * The schema with this id, of whatever kind, with those it refers to.
   *
   * @throws PermanentError SCHEMA_UNKNOWN, TransientError REGISTRY_UNAVAILABLE
   */
  described(id: SchemaId): Promise<DescribedSchema>;
  /**
   * Where the schema with this id is registered; nowhere for one that is not known.
   *
   * @throws TransientError REGISTRY_UNAVAILABLE
   */
  usesOf(id: SchemaId): Promise<readonly SchemaUse[]>;
  /**
   * Makes the registry refuse schemas that break readers of the version before: compatibility BACKWARD, for all subjects
   * without a level of their own.
   *
   * @throws TransientError REGISTRY_UNAVAILABLE
   */
  requireBackward(): Promise<void>;
  /** All subjects, sorted. */
  subjects(): Promise<string[]>;
  /**
   * The versions of a subject, oldest first; none where there is no such subject.
   *
   * @throws TransientError REGISTRY_UNAVAILABLE
   */
  versions(subject: string): Promise<readonly SchemaVersion[]>;
  /**
   * What the registry asks of a subject's next version, e.g. `BACKWARD` or `FULL_TRANSITIVE`; of a subject that is not there,
   * what it would ask.
   *
   * @throws TransientError REGISTRY_UNAVAILABLE
   */
  compatibility(subject: string): Promise<string>;
}

/** One version of a subject. */
export interface SchemaVersion {
  /** From 1, in the order of registration; numbers may be missing where versions were deleted. */
  readonly version: number;
  readonly id: SchemaId;
}

/** @param settings `registryUrl`: base of a Confluent-compatible API, or `glue:NAME` for a registry of AWS Glue */
export const openRegistry = ({ registryUrl }: Pick<Settings, 'registryUrl'>): SchemaRegistry =>
  registryUrl.startsWith(GLUE) ? glueRegistry(registryUrl.slice(GLUE.length)) : openConfluentRegistry(registryUrl);

const GLUE = 'glue:';

/** Glue's client takes a quarter of a second to load: on a laptop, where there is no Glue, nobody waits for it. */
const glueRegistry = (name: string): SchemaRegistry => {
  let opened: Promise<SchemaRegistry> | undefined;
  const registry = (): Promise<SchemaRegistry> => {
    opened ??= import('./glue-registry.ts').then(({ openGlueRegistry }) => openGlueRegistry(name));
    return opened;
  };
  return {
    register: async (subject, schema) => (await registry()).register(subject, schema),
    idOf: async (subject, schema) => (await registry()).idOf(subject, schema),
    schema: async (id) => (await registry()).schema(id),
    described: async (id) => (await registry()).described(id),
    usesOf: async (id) => (await registry()).usesOf(id),
    requireBackward: async () => (await registry()).requireBackward(),
    subjects: async () => (await registry()).subjects(),
    versions: async (subject) => (await registry()).versions(subject),
    compatibility: async (subject) => (await registry()).compatibility(subject),
  };
};
