import { LRUCache } from 'lru-cache';
import { messageOf, PermanentError, TransientError } from '../errors.ts';
import type { Settings } from '../settings.ts';

/**
 * A schema registry with Confluent's API (Schema Registry API Reference, docs.confluent.io). What it answers never
 * changes for an id, so answers are kept for the life of the process.
 */
export interface SchemaRegistry {
  /**
   * Registers a schema under a subject; of a known one it gives the id it has.
   *
   * @throws PermanentError SCHEMA_INCOMPATIBLE when it breaks readers of earlier versions (409) or is no schema (422)
   * @throws TransientError REGISTRY_UNAVAILABLE
   */
  register(subject: string, schema: string): Promise<number>;
  /**
   * The id of a registered schema.
   *
   * @throws PermanentError SCHEMA_UNKNOWN when the registry does not have it
   * @throws TransientError REGISTRY_UNAVAILABLE
   */
  idOf(subject: string, schema: string): Promise<number>;
  /**
   * The text of the schema with this id.
   *
   * @throws PermanentError SCHEMA_UNKNOWN, TransientError REGISTRY_UNAVAILABLE
   */
  schema(id: number): Promise<string>;
  /**
   * Makes the registry refuse schemas that break readers of the version before: compatibility BACKWARD, for all subjects
   * without a level of their own.
   *
   * @throws TransientError REGISTRY_UNAVAILABLE
   */
  requireBackward(): Promise<void>;
  /** All subjects, sorted. */
  subjects(): Promise<string[]>;
}

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';
const TIMEOUT_MS = 5_000;
/** An id nobody knows is asked for again after so long: records that were written against another registry come in floods. */
const UNKNOWN_FOR_MS = 10_000;
const KEPT = 1_000;

interface Answer {
  readonly id?: number;
  readonly schema?: string;
  readonly message?: string;
}

/** @param settings `registryUrl`: base of the API, e.g. `http://localhost:8081/apis/ccompat/v7` */
export const openRegistry = (settings: Pick<Settings, 'registryUrl'>): SchemaRegistry => {
  const base = settings.registryUrl.replace(/\/+$/, '');
  const ids = new LRUCache<string, Promise<number>>({ max: KEPT });
  const schemas = new LRUCache<number, Promise<string>>({ max: KEPT });

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
      throw new TransientError(
        'REGISTRY_UNAVAILABLE',
        `The schema registry at ${base} does not answer: ${messageOf(error)}`,
        {
          next: 'Check that it is up: ./stream-manager.sh health',
          cause: error,
        },
      );
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

  const kept = <Key extends string | number, Value>(
    cache: LRUCache<Key, Promise<Value>>,
    key: Key,
    ask: () => Promise<Value>,
  ): Promise<Value> => {
    const known = cache.get(key);
    if (known !== undefined) return known;
    const asked = ask();
    cache.set(key, asked);
    asked.catch((error: unknown) => {
      if (error instanceof PermanentError) cache.set(key, asked, { ttl: UNKNOWN_FOR_MS });
      else cache.delete(key);
    });
    return asked;
  };

  return {
    register: (subject, schema) =>
      kept(ids, `${subject}\0${schema}`, () =>
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
      kept(ids, `${subject}\0${schema}`, () =>
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
      kept(schemas, id, async () => {
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
  };
};
