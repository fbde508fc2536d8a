import { randomUUID } from 'node:crypto';
import type { Answers } from './glue-client.ts';

interface Version {
  readonly id: string;
  readonly schema: string;
}

/**
 * A Glue registry that keeps what is registered, by the operations that this project uses. It checks nothing: what it
 * refuses stands in `refuses`.
 */
export const glueMemory = (refuses: (schema: string) => boolean = () => false) => {
  const subjects = new Map<string, Version[]>();
  const nameIn = ({ SchemaName, SchemaId }: Record<string, unknown>): string =>
    String(SchemaName ?? new Map(Object.entries(SchemaId ?? {})).get('SchemaName'));
  const told = ({ id, schema }: Version, number: number) => ({
    ...{ SchemaVersionId: id, SchemaDefinition: schema, VersionNumber: number },
    ...{ Status: 'AVAILABLE', SchemaVersionStatus: 'AVAILABLE' },
  });
  const added = (name: string, schema: string) => {
    const versions = subjects.get(name) ?? [];
    subjects.set(name, versions);
    const known = versions.find((each) => each.schema === schema);
    if (known !== undefined) return told(known, versions.indexOf(known) + 1);
    const made = { id: randomUUID(), schema };
    if (refuses(schema)) return { ...told(made, versions.length + 1), Status: 'FAILURE' };
    versions.push(made);
    return told(made, versions.length);
  };
  const answers: Answers = {
    CreateSchema: (body) => added(nameIn(body), String(body.SchemaDefinition)),
    RegisterSchemaVersion: (body) =>
      subjects.has(nameIn(body)) ? added(nameIn(body), String(body.SchemaDefinition)) : 'EntityNotFoundException',
    GetSchemaByDefinition: (body) => {
      const versions = subjects.get(nameIn(body)) ?? [];
      const found = versions.find(({ schema }) => schema === body.SchemaDefinition);
      return found === undefined ? 'EntityNotFoundException' : told(found, versions.indexOf(found) + 1);
    },
    GetSchemaVersion: ({ SchemaVersionId }) => {
      for (const [name, versions] of subjects) {
        const found = versions.find(({ id }) => id === SchemaVersionId);
        const SchemaArn = `arn:aws:glue:us-east-1:123456789012:schema/qr-test/${name}`;
        if (found !== undefined) return { ...told(found, versions.indexOf(found) + 1), SchemaArn, DataFormat: 'AVRO' };
      }
      return 'EntityNotFoundException';
    },
    ListSchemas: () => ({ Schemas: [...subjects.keys()].map((SchemaName) => ({ SchemaName })) }),
    ListSchemaVersions: (body) => {
      const versions = subjects.get(nameIn(body));
      return versions === undefined
        ? 'EntityNotFoundException'
        : { Schemas: versions.map((each, i) => told(each, i + 1)).reverse() };
    },
  };
  return answers;
};
