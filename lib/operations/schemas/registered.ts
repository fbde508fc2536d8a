import type avro from 'avsc';
import { isEventType, topicOf } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import {
  type DescribedSchema,
  kindName,
  type SchemaRegistry,
  type SchemaVersion,
  SUBJECTS,
  subjectOf,
} from '../../events/index.ts';
import { foundSideBySide } from '../../side-by-side.ts';
import { suggestion } from '../nearest.ts';
import { compiledSchema } from './files.ts';

/** A subject of the registry. */
export interface SubjectSummary {
  readonly subject: string;
  /** Null for a subject that is none of the catalog's. */
  readonly eventType: string | null;
  readonly compatibility: string;
  /** Oldest first; empty for one of the catalog that nobody registered. */
  readonly versions: readonly SchemaVersion[];
}

const AT_ONCE = 8;

const eventTypeOf = (subject: string): string | null => SUBJECTS.find((each) => each.subject === subject)?.type ?? null;

export const summaryOf = async (registry: SchemaRegistry, subject: string): Promise<SubjectSummary> => {
  const [versions, compatibility] = await Promise.all([registry.versions(subject), registry.compatibility(subject)]);
  return { subject, eventType: eventTypeOf(subject), compatibility, versions };
};

/** Every subject that the registry or the catalog has. */
export const listSubjects = async (registry: SchemaRegistry): Promise<readonly SubjectSummary[]> => {
  const names = new Set([...(await registry.subjects()), ...SUBJECTS.map(({ subject }) => subject)]);
  return foundSideBySide([...names].sort(), AT_ONCE, (subject) => summaryOf(registry, subject));
};

/**
 * The subject that is meant by its name or by an event type; it is in the registry.
 *
 * @throws StreamError NOT_FOUND with the nearest name
 */
export const requireSubject = async (registry: SchemaRegistry, name: string): Promise<SubjectSummary> => {
  const topic = isEventType(name) ? topicOf(name) : undefined;
  const subject = isEventType(name) && topic !== undefined ? subjectOf(topic.name, name) : name;
  const found = await summaryOf(registry, subject);
  if (found.versions.length > 0) return found;
  if (subject !== name || found.eventType !== null) {
    throw new StreamError('NOT_FOUND', `${subject} is not registered.`, {
      next: './stream-manager.sh schemas register --all',
    });
  }
  const known = [...(await registry.subjects()), ...SUBJECTS.map(({ type }) => type)];
  throw new StreamError('NOT_FOUND', `There is no subject or event type ${name}.`, {
    next: suggestion(name, known) ?? 'See them all: ./stream-manager.sh schemas list',
  });
};

/**
 * One version of a subject, the newest unless a number is given.
 *
 * @throws StreamError NOT_FOUND with the versions there are
 */
export const requireVersion = ({ subject, versions }: SubjectSummary, number?: number): SchemaVersion => {
  const found = number === undefined ? versions.at(-1) : versions.find(({ version }) => version === number);
  if (found !== undefined) return found;
  throw new StreamError('NOT_FOUND', `${subject} has no version ${number}.`, {
    next: `There are: ${versions.map(({ version }) => version).join(', ')}`,
  });
};

/** A version with what it says. */
export interface ReadVersion extends SchemaVersion, DescribedSchema {}

/**
 * What one version of a subject says, the newest unless a number is given.
 *
 * @throws StreamError NOT_FOUND with the versions there are
 */
export const readVersion = async (
  registry: SchemaRegistry,
  found: SubjectSummary,
  number?: number,
): Promise<ReadVersion> => {
  const { version, id } = requireVersion(found, number);
  return { version, id, ...(await registry.described(id)) };
};

/** A version of an Avro schema. */
export interface AvroVersion extends ReadVersion {
  readonly type: avro.Type;
}

/** @throws StreamError REFUSED for a schema that is not Avro's, SCHEMA_INCOMPATIBLE for one that cannot be read */
export const avroVersion = (read: ReadVersion, { subject }: Pick<SubjectSummary, 'subject'>): AvroVersion => {
  const { version, kind, text, references } = read;
  const name = `Version ${version} of ${subject}`;
  if (kind !== 'AVRO') {
    throw new StreamError('REFUSED', `${name} is a ${kindName(kind)} schema, and only Avro schemas are compared.`);
  }
  return {
    ...read,
    type: compiledSchema(
      text,
      name,
      references.map((reference) => reference.text),
    ),
  };
};
