import { messageOf, PermanentError, TransientError } from '../errors.ts';
import { foundSideBySide } from '../side-by-side.ts';
import type { SchemaId } from './framing.ts';
import type { SchemaRegistry } from './registry.ts';
import { answerCache } from './registry-cache.ts';

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';
const TIMEOUT_MS = 5_000;

interface Answer {
  readonly id?: number;
  readonly schema?: string;
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
  const schemas = answerCache<SchemaId, string>();

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
    schema: (id) =>
      schemas.get(id, async () => {
        if (typeof id === 'string') throw foreign(id);
        const { status, answer } = await request<Answer>('GET', `/schemas/ids/${id}`);
        if (answer.schema !== undefined) return answer.schema;
        throw new PermanentError(
          'SCHEMA_UNKNOWN',
          `The registry has no schema with id ${id} (${answer.message ?? status})`,
          {
            next: 'The producer may use another registry',
          },
        );
      }),
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
