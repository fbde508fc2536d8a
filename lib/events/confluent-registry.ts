import { messageOf, PermanentError, TransientError } from '../errors.ts';
import { foundSideBySide } from '../side-by-side.ts';
import { type DescribedSchema, type ReferencedSchema, type SchemaUse, schemaKind } from './described-schema.ts';
import type { SchemaId } from './framing.ts';
import type { SchemaRegistry } from './registry.ts';
import { answerCache } from './registry-cache.ts';

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';
const TIMEOUT_MS = 5_000;

interface Reference extends SchemaUse {
  readonly name: string;
}

interface Answer {
  readonly id?: number;
  readonly schema?: string;
  /** Absent of Avro. */
  readonly schemaType?: string;
  readonly references?: readonly Reference[];
  readonly message?: string;
  readonly compatibilityLevel?: string;
}

/**
 * A registry with Confluent's API (Schema Registry API Reference, docs.confluent.io).
 *
 * @param registryUrl base of the API, e.g. `http://localhost:8081/apis/ccompat/v7`
 */
export const openConfluentRegistry = (registryUrl: string): SchemaRegistry => {
  const base = registryUrl.replace(/\/+$/, '');
  const ids = answerCache<string, number>();
  const schemas = answerCache<SchemaId, DescribedSchema>();

  const request = async <T>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: object,
  ): Promise<{ status: number; answer: T }> => {
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { accept: MEDIA_TYPE, ...(body === undefined ? {} : { 'content-type': MEDIA_TYPE }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const answer: T = JSON.parse(await response.text());
      if (response.status >= 500 || response.status === 429) throw new Error(`it answered ${response.status}`);
      return { status: response.status, answer };
    } catch (error) {
      throw unanswered(base, messageOf(error), error);
    }
  };

  const post = async (
    path: string,
    schema: string,
    refused: (status: number, said: string) => Error,
  ): Promise<number> => {
    const { status, answer } = await request<Answer>('POST', path, { schema, schemaType: 'AVRO' });
    if (answer.id === undefined) throw refused(status, answer.message ?? `status ${status}`);
    return answer.id;
  };

  /** The level that is set at a place; undefined where none is. */
  const levelAt = async (path: string): Promise<string | undefined> => {
    const { answer } = await request<Answer>('GET', path);
    return answer.compatibilityLevel === 'NONE' && isApicurio(base) ? undefined : answer.compatibilityLevel;
  };

  /** Schemas that others refer to, each after those it itself refers to. */
  const referenced = async (
    references: readonly Reference[] = [],
    found = new Map<string, ReferencedSchema>(),
  ): Promise<readonly ReferencedSchema[]> => {
    for (const { name, subject, version } of references) {
      if (found.has(name)) continue;
      if (found.size >= MOST_REFERENCES) throw unreadable(`refers to more than ${MOST_REFERENCES} others`);
      const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`;
      const { answer } = await request<Answer>('GET', path);
      if (answer.schema === undefined) throw unreadable(`refers to version ${version} of ${subject}, which is gone`);
      await referenced(answer.references, found);
      found.set(name, { name, text: answer.schema });
    }
    return [...found.values()];
  };

  const described = (id: SchemaId): Promise<DescribedSchema> =>
    schemas.get(id, async () => {
      if (typeof id === 'string') throw foreign(id);
      const { status, answer } = await request<Answer>('GET', `/schemas/ids/${id}`);
      if (answer.schema === undefined) {
        throw new PermanentError(
          'SCHEMA_UNKNOWN',
          `The registry has no schema with id ${id} (${answer.message ?? status})`,
          { next: 'The producer may use another registry' },
        );
      }
      return {
        kind: schemaKind(answer.schemaType),
        text: answer.schema,
        references: await referenced(answer.references),
      };
    });

  return {
    register: (subject, schema) =>
      ids.get(`${subject}\0${schema}`, () =>
        post(
          `/subjects/${encodeURIComponent(subject)}/versions`,
          schema,
          (status, said) =>
            new PermanentError(
              'SCHEMA_INCOMPATIBLE',
              `The registry refuses the schema of ${subject} (${status}): ${said}`,
              {
                next: 'Give new fields a default, and neither remove nor retype fields without one',
              },
            ),
        ),
      ),
    idOf: (subject, schema) =>
      ids.get(`${subject}\0${schema}`, () =>
        post(
          `/subjects/${encodeURIComponent(subject)}`,
          schema,
          (status, said) =>
            new PermanentError(
              'SCHEMA_UNKNOWN',
              `The registry does not have this schema of ${subject} (${status}): ${said}`,
              {
                next: 'Register the schemas: ./stream-manager.sh start',
              },
            ),
        ),
      ),
    schema: async (id) => (await described(id)).text,
    described,
    usesOf: async (id) => {
      if (typeof id === 'string') return [];
      const { status, answer } = await request<SchemaUse[]>('GET', `/schemas/ids/${id}/versions`);
      return status === 200 ? answer : [];
    },
    requireBackward: async () => {
      await request('PUT', '/config', { compatibility: 'BACKWARD' });
    },
    subjects: async () => {
      const { answer } = await request<string[]>('GET', '/subjects');
      return [...answer].sort();
    },
    versions: async (subject) => {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`;
      const { status, answer: numbers } = await request<number[]>('GET', path);
      if (status === 404) return [];
      return foundSideBySide(
        [...numbers].sort((a, b) => a - b),
        AT_ONCE,
        async (version) => {
          const { answer } = await request<Answer>('GET', `${path}/${version}`);
          if (answer.id === undefined) throw unanswered(base, `it has no id for version ${version} of ${subject}`);
          return { version, id: answer.id };
        },
      );
    },
    compatibility: async (subject) => {
      const own = await levelAt(`/config/${encodeURIComponent(subject)}`);
      return own ?? (await levelAt('/config')) ?? 'NONE';
    },
  };
};

/** A schema may refer to so many others, directly and through them. */
const MOST_REFERENCES = 100;

const unreadable = (why: string): PermanentError =>
  new PermanentError('SCHEMA_UNKNOWN', `The schema the value was written with ${why}.`, {
    next: 'Register what it refers to again',
  });

/** Requests for one subject at the same time. */
const AT_ONCE = 4;

/** Apicurio says of a subject without a level of its own, for which the general one holds, that it has none. */
const isApicurio = (base: string): boolean => base.includes('/apis/ccompat/');

const unanswered = (base: string, why: string, cause?: unknown): TransientError =>
  new TransientError('REGISTRY_UNAVAILABLE', `The schema registry at ${base} does not answer: ${why}`, {
    next: 'Check that it is up: ./stream-manager.sh health',
    cause,
  });

const foreign = (id: string): PermanentError =>
  new PermanentError('SCHEMA_UNKNOWN', `The value was written with schema ${id} of an AWS Glue registry.`, {
    next: 'Publish it again with this registry',
  });
