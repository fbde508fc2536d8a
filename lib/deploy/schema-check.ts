import { EntityNotFoundException, GetSchemaVersionCommand, GlueClient } from '@aws-sdk/client-glue';
import { reads, SUBJECTS, schemaTextOf } from '../events/index.ts';
import { sideBySide } from '../side-by-side.ts';

/** Requests at the same time; Glue allows some tens a second. */
const AT_ONCE = 8;

/** The newest schema of a subject; undefined where the registry, or the registry's subject, is not there yet. */
export type LatestSchema = (subject: string) => Promise<string | undefined>;

/** The schemas of a Glue registry. */
export const latestInGlue =
  (registry: string, client: GlueClient = new GlueClient()): LatestSchema =>
  async (subject) => {
    try {
      const { SchemaDefinition, Status } = await client.send(
        new GetSchemaVersionCommand({
          SchemaId: { RegistryName: registry, SchemaName: subject },
          SchemaVersionNumber: { LatestVersion: true },
        }),
      );
      // What Glue has refused, nobody has written by.
      return Status === 'FAILURE' ? undefined : SchemaDefinition;
    } catch (error) {
      if (error instanceof EntityNotFoundException) return undefined;
      throw error;
    }
  };

/**
 * Subjects whose schema here cannot read what was written by the newest one that is deployed. The deployment itself would
 * be refused by Glue, but only once other stacks have changed.
 */
export const breakingSubjects = async (latest: LatestSchema): Promise<readonly string[]> => {
  const breaking: string[] = [];
  await sideBySide(SUBJECTS, AT_ONCE, async ({ subject, type }) => {
    const deployed = await latest(subject);
    if (deployed !== undefined && !reads(schemaTextOf(type), deployed)) breaking.push(subject);
  });
  return breaking.sort();
};
