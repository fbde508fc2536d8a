import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import avro from 'avsc';
import { isEventType, topicOf } from '../../catalog/index.ts';
import { messageOf, StreamError } from '../../errors.ts';
import { eventTypeOfRecord, SUBJECTS, subjectOf } from '../../events/index.ts';
import { suggestion } from '../nearest.ts';

/** A schema in a file, and the subject it is for. */
export interface SchemaFile {
  readonly path: string;
  readonly subject: string;
  /** One line of JSON, as registries keep it. */
  readonly text: string;
  readonly type: avro.Type;
}

/** Where the project keeps its schema files; those that went to production lie in `released/` below. */
export interface SchemaFolder {
  readonly folder: string;
}

/**
 * @param references texts of the schemas it refers to, each after those it itself refers to
 * @throws StreamError SCHEMA_INCOMPATIBLE when the text is no Avro schema
 */
export const compiledSchema = (text: string, name: string, references: readonly string[] = []): avro.Type => {
  try {
    const registry = {};
    for (const reference of references) avro.Type.forSchema(JSON.parse(reference), { registry });
    return avro.Type.forSchema(JSON.parse(text), { registry });
  } catch (error) {
    throw new StreamError('SCHEMA_INCOMPATIBLE', `${name} is no Avro schema: ${messageOf(error)}.`, { cause: error });
  }
};

/** The subject of a schema by its record's name, else by the file's. */
const subjectFor = (path: string, type: avro.Type): string => {
  const stem = basename(path, '.avsc');
  const eventType = eventTypeOfRecord(type.name ?? '') ?? (isEventType(stem) ? stem : undefined);
  const topic = eventType === undefined ? undefined : topicOf(eventType);
  if (eventType === undefined || topic === undefined) {
    throw new StreamError('SCHEMA_UNKNOWN', `No event type of the catalog has the schema ${path}.`, {
      next: 'Say which subject it is for: --subject SUBJECT; or add its event type to lib/catalog/topics.ts',
    });
  }
  return subjectOf(topic.name, eventType);
};

/**
 * A schema in a text.
 *
 * @param path what to call it in sentences
 * @param subject overrides the subject that follows from the schema's name
 * @throws StreamError SCHEMA_UNKNOWN, SCHEMA_INCOMPATIBLE
 */
export const schemaIn = (text: string, path: string, subject?: string): SchemaFile => {
  const type = compiledSchema(text, path);
  return { path, subject: subject ?? subjectFor(path, type), text: JSON.stringify(JSON.parse(text)), type };
};

/**
 * @param subject overrides the subject that follows from the schema's name
 * @throws StreamError NOT_FOUND, SCHEMA_UNKNOWN, SCHEMA_INCOMPATIBLE
 */
export const readSchemaFile = async (path: string, subject?: string): Promise<SchemaFile> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new StreamError('NOT_FOUND', `${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  });
  return schemaIn(text, path, subject);
};

/** Every schema file of the project, by name. */
export const readSchemaFolder = async ({ folder }: SchemaFolder): Promise<readonly SchemaFile[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.avsc')).sort();
  return Promise.all(names.map((name) => readSchemaFile(join(folder, name))));
};

/** The schema that was released for a subject, from `released/`; undefined when there is none. */
export const releasedSchema = async ({ folder }: SchemaFolder, subject: string): Promise<avro.Type | undefined> => {
  const eventType = SUBJECTS.find((each) => each.subject === subject)?.type;
  if (eventType === undefined) return undefined;
  const path = join(folder, 'released', `${eventType}.avsc`);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : compiledSchema(text, path);
};

/**
 * A file by its path, by an event type, or by a subject.
 *
 * @throws StreamError NOT_FOUND with the nearest name
 */
export const findSchemaFile = async (name: string, { folder }: SchemaFolder, subject?: string): Promise<SchemaFile> => {
  if (name.endsWith('.avsc') || name.includes('/')) return readSchemaFile(name, subject);
  const eventType = isEventType(name) ? name : SUBJECTS.find((each) => each.subject === name)?.type;
  if (eventType !== undefined) return readSchemaFile(join(folder, `${eventType}.avsc`), subject);
  const known = SUBJECTS.flatMap((each) => [each.type, each.subject]);
  throw new StreamError('NOT_FOUND', `There is no schema ${name}.`, {
    next: suggestion(name, known) ?? 'A file, an event type or a subject; see ./stream-manager.sh schemas list',
  });
};
