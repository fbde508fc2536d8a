import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateSchemaCommand,
  EntityNotFoundException,
  GetSchemaByDefinitionCommand,
  GetSchemaCommand,
  GetSchemaVersionCommand,
  GlueClient,
  GlueServiceException,
  InvalidInputException,
  paginateListSchemas,
  paginateListSchemaVersions,
  RegisterSchemaVersionCommand,
  type SchemaVersionListItem,
  type SchemaVersionStatus,
} from '@aws-sdk/client-glue';
import { messageOf, PermanentError, TransientError } from '../errors.ts';
import { type DescribedSchema, type SchemaUse, schemaKind } from './described-schema.ts';
import type { SchemaId } from './framing.ts';
import type { SchemaRegistry } from './registry.ts';
import { answerCache } from './registry-cache.ts';

/** A version is checked against the one before in the background; the answer takes a second or two. */
const CHECK = { everyMs: 250, forMs: 30_000 } as const;

/** What is asked of a schema's versions, from its creation on. */
const COMPATIBILITY = 'BACKWARD';

/** A schema of Glue refers to no other, and is registered once. */
interface GlueVersion extends DescribedSchema {
  readonly uses: readonly SchemaUse[];
}

/** A schema version as Glue tells of it. */
interface Version {
  readonly SchemaVersionId?: string | undefined;
  readonly Status?: SchemaVersionStatus | undefined;
}

/**
 * A registry of AWS Glue; the subject is the schema's name. Region and credentials come from the environment.
 * https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html
 *
 * @param registry its name
 */
export const openGlueRegistry = (
  registry: string,
  client: GlueClient = new GlueClient({ maxAttempts: 3 }),
): SchemaRegistry => {
  const ids = answerCache<string, string>();
  const schemas = answerCache<SchemaId, GlueVersion>();
  const schemaId = (subject: string) => ({ RegistryName: registry, SchemaName: subject });

  /** What Glue answers; undefined where it knows no such thing. */
  const asked = async <Answer>(request: () => Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await request();
    } catch (error) {
      if (error instanceof EntityNotFoundException) return undefined;
      throw failureOf(error, registry);
    }
  };

  const checked = async (subject: string, version: Version | undefined): Promise<string> => {
    let current = version;
    for (const end = Date.now() + CHECK.forMs; current?.Status === 'PENDING' && Date.now() < end; ) {
      await delay(CHECK.everyMs);
      const { SchemaVersionId } = current;
      current = await asked(() => client.send(new GetSchemaVersionCommand({ SchemaVersionId })));
    }
    if (current?.Status === 'AVAILABLE' && current.SchemaVersionId !== undefined) return current.SchemaVersionId;
    if (current?.Status === 'FAILURE') throw incompatible(subject, 'it breaks readers of the version before');
    throw new TransientError('REGISTRY_UNAVAILABLE', `AWS Glue has not checked the schema of ${subject} yet.`);
  };

  const created = async (subject: string, definition: string): Promise<string> => {
    const answer = await asked(() =>
      client.send(
        new CreateSchemaCommand({
          RegistryId: { RegistryName: registry },
          SchemaName: subject,
          DataFormat: 'AVRO',
          Compatibility: COMPATIBILITY,
          SchemaDefinition: definition,
        }),
      ),
    );
    if (answer === undefined) {
      throw new PermanentError('NOT_FOUND', `There is no Glue registry ${registry}.`, { next: 'Deploy it first' });
    }
    return checked(subject, { SchemaVersionId: answer.SchemaVersionId, Status: answer.SchemaVersionStatus });
  };

  const versionOf = (id: SchemaId): Promise<GlueVersion> =>
    schemas.get(id, async () => {
      const found =
        typeof id === 'string'
          ? await asked(() => client.send(new GetSchemaVersionCommand({ SchemaVersionId: id })))
          : undefined;
      if (found?.SchemaDefinition === undefined) {
        throw new PermanentError('SCHEMA_UNKNOWN', `The Glue registry ${registry} has no schema version ${id}.`, {
          next: 'The producer may use another registry',
        });
      }
      const { SchemaArn: arn = '', VersionNumber: version, SchemaDefinition: text, DataFormat: kind } = found;
      // arn:aws:glue:REGION:ACCOUNT:schema/REGISTRY/NAME
      const subject = arn.split('/')[2];
      const uses = subject === undefined || version === undefined ? [] : [{ subject, version }];
      return { kind: schemaKind(kind), text, references: [], uses };
    });

  return {
    register: (subject, definition) =>
      ids.get(`${subject}\0${definition}`, async () => {
        const version = await asked(() =>
          client.send(new RegisterSchemaVersionCommand({ SchemaId: schemaId(subject), SchemaDefinition: definition })),
        );
        return version === undefined ? created(subject, definition) : checked(subject, version);
      }),
    idOf: (subject, definition) =>
      ids.get(`${subject}\0${definition}`, async () => {
        const found = await asked(() =>
          client.send(new GetSchemaByDefinitionCommand({ SchemaId: schemaId(subject), SchemaDefinition: definition })),
        );
        if (found?.SchemaVersionId !== undefined && found.Status === 'AVAILABLE') return found.SchemaVersionId;
        throw new PermanentError('SCHEMA_UNKNOWN', `The Glue registry ${registry} lacks this schema of ${subject}.`, {
          next: 'Deploy the schemas before the functions that publish with them',
        });
      }),
    schema: async (id) => (await versionOf(id)).text,
    described: versionOf,
    usesOf: async (id) => (await versionOf(id)).uses,
    // Compatibility is a property of each schema here, set when it is created.
    requireBackward: async () => undefined,
    subjects: async () => {
      const found: string[] = [];
      for await (const page of paginateListSchemas({ client }, { RegistryId: { RegistryName: registry } })) {
        for (const { SchemaName } of page.Schemas ?? []) if (SchemaName !== undefined) found.push(SchemaName);
      }
      return found.sort();
    },
    versions: async (subject) => {
      const all = await asked(() => allVersions(client, schemaId(subject)));
      return (all ?? [])
        .flatMap(({ VersionNumber, SchemaVersionId, Status }) =>
          // One that was refused keeps its number, and deleted ones stay for a while.
          VersionNumber === undefined || SchemaVersionId === undefined || Status !== 'AVAILABLE'
            ? []
            : [{ version: VersionNumber, id: SchemaVersionId }],
        )
        .sort((a, b) => a.version - b.version);
    },
    compatibility: async (subject) => {
      const found = await asked(() => client.send(new GetSchemaCommand({ SchemaId: schemaId(subject) })));
      // Glue's own names: NONE, DISABLED, BACKWARD, BACKWARD_ALL, FORWARD, FORWARD_ALL, FULL, FULL_ALL.
      return found?.Compatibility ?? COMPATIBILITY;
    },
  };
};

const allVersions = async (
  client: GlueClient,
  id: { readonly RegistryName: string; readonly SchemaName: string },
): Promise<readonly SchemaVersionListItem[]> => {
  const found: SchemaVersionListItem[] = [];
  for await (const page of paginateListSchemaVersions({ client }, { SchemaId: id }))
    found.push(...(page.Schemas ?? []));
  return found;
};

const incompatible = (subject: string, why: string): PermanentError =>
  new PermanentError('SCHEMA_INCOMPATIBLE', `AWS Glue refuses the schema of ${subject}: ${why}.`, {
    next: 'Give new fields a default, and neither remove nor retype fields without one',
  });

const failureOf = (error: unknown, registry: string): unknown => {
  if (error instanceof PermanentError || error instanceof TransientError) return error;
  if (error instanceof InvalidInputException) return incompatible(registry, messageOf(error));
  const told = error instanceof GlueServiceException ? `${error.name}: ${error.message}` : messageOf(error);
  return new TransientError('REGISTRY_UNAVAILABLE', `The Glue registry ${registry} does not answer: ${told}`, {
    next: 'Check the function’s rights and its way to Glue',
    cause: error,
  });
};
