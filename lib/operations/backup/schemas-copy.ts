import { PermanentError, StreamError } from '../../errors.ts';
import type { SchemaId, SchemaRegistry } from '../../events/index.ts';
import { foundSideBySide } from '../../side-by-side.ts';
import type { IdMap } from './frames.ts';
import type { StoredSchema } from './manifest.ts';

/** A registry in AWS takes some requests a second from an account. */
const AT_ONCE = 4;

/** Every version of every subject, those of a subject oldest first. */
export const schemasIn = async (registry: SchemaRegistry): Promise<readonly StoredSchema[]> => {
  const found = await foundSideBySide(await registry.subjects(), AT_ONCE, async (subject) => {
    const versions: StoredSchema[] = [];
    for (const { version, id } of await registry.versions(subject))
      versions.push({ subject, version, id, schema: await registry.schema(id) });
    return versions;
  });
  return found.flat();
};

/**
 * Registers schemas in the order in which they became versions, so that a registry that checks each against the one before
 * takes them. Those that are there keep their ids.
 *
 * @returns which ids are others now
 * @throws StreamError REFUSED when the registry has other versions, which those of the backup do not follow
 */
export const registerAll = async (registry: SchemaRegistry, wanted: readonly StoredSchema[]): Promise<IdMap> => {
  const ids = new Map<SchemaId, SchemaId>();
  for (const { subject, version, id, schema } of wanted) {
    const now = await registered(registry, subject, version, schema);
    if (id !== now) ids.set(id, now);
  }
  return ids;
};

const registered = async (
  registry: SchemaRegistry,
  subject: string,
  version: number,
  schema: string,
): Promise<SchemaId> => {
  try {
    return await registry.register(subject, schema);
  } catch (error) {
    if (!(error instanceof PermanentError) || error.code !== 'SCHEMA_INCOMPATIBLE') throw error;
    throw new StreamError(
      'REFUSED',
      `The registry does not take version ${version} of ${subject} after those it has; records of the backup were written by it.`,
      { next: 'Restore into a registry without this subject, or leave schemas out: --without schemas', cause: error },
    );
  }
};
