import { messageOf, StreamError, TransientError } from '../../errors.ts';
import { openRegistry } from '../../events/index.ts';
import type { Settings } from '../../settings.ts';
import type { Segment, StoredSchema } from './manifest.ts';
import type { Place } from './place.ts';
import { segmentBytes } from './read-segment.ts';
import { checksumOf } from './segment.ts';

type Registry = Pick<Settings, 'registryUrl'>;

const TIMEOUT_MS = 30_000;

const call = async (url: string, init: RequestInit = {}): Promise<Response> => {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new TransientError('REGISTRY_UNAVAILABLE', `The schema registry does not answer: ${messageOf(error)}`, {
      next: 'Check that it is up: ./stream-manager.sh health',
      cause: error,
    });
  }
};

/** What the registry answers; undefined where it has no such thing. */
const asked = async <Answer>({ registryUrl }: Registry, path: string): Promise<Answer | undefined> => {
  const response = await call(`${registryUrl.replace(/\/+$/, '')}${path}`);
  if (response.status === 404) return undefined;
  if (!response.ok) {
    throw new TransientError('REGISTRY_UNAVAILABLE', `The schema registry answered ${response.status} to ${path}.`);
  }
  const answer: Answer = JSON.parse(await response.text());
  return answer;
};

/** Every version of every subject, oldest first. Confluent's API (Schema Registry API Reference, docs.confluent.io). */
export const schemasOf = async (registry: Registry): Promise<readonly StoredSchema[]> => {
  if (registry.registryUrl.startsWith('glue:')) return [];
  const found: StoredSchema[] = [];
  for (const subject of ((await asked<string[]>(registry, '/subjects')) ?? []).sort()) {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`;
    for (const version of (await asked<number[]>(registry, path)) ?? []) {
      const one = await asked<{ id: number; schema: string }>(registry, `${path}/${version}`);
      if (one !== undefined) found.push({ subject, version, id: one.id, schema: one.schema });
    }
  }
  return found.sort((a, b) => Number(a.id) - Number(b.id));
};

/** Apicurio's own API lies beside the Confluent-compatible one; another registry has no such address. */
const apicurio = ({ registryUrl }: Registry): string | undefined => {
  const [base, rest] = registryUrl.split('/apis/ccompat/');
  return rest === undefined ? undefined : `${base}/apis/registry/v2`;
};

/** Copies what Apicurio exports, with which ids come back as they were; null for another registry. */
export const copyExport = async (registry: Registry, place: Place, id: string): Promise<Segment | null> => {
  const base = apicurio(registry);
  if (base === undefined) return null;
  const response = await call(`${base}/admin/export`);
  if (!response.ok) return null;
  const content = Buffer.from(await response.arrayBuffer());
  const file = `${id}/registry.zip`;
  await place.put(file, content);
  return { file, sha256: checksumOf(content), bytes: content.length, entries: 1 };
};

/** Ids of records' frames that are to be written instead of those in the backup; empty when all are the same. */
export type IdMap = ReadonlyMap<number, number>;

const differences = async (registry: Registry, wanted: readonly StoredSchema[]): Promise<StoredSchema[]> => {
  const there = new Map((await schemasOf(registry)).map((one) => [`${one.subject}\0${one.version}`, one]));
  return wanted.filter(({ subject, version, id }) => there.get(`${subject}\0${version}`)?.id !== id);
};

/**
 * Makes the registry know the schemas of a backup, under the ids they had where it can: Apicurio takes its own export into an
 * emptied registry with ids as they were. It is emptied only when the backup has all it holds. Any other registry gives ids
 * of its own, and records are written with those.
 *
 * @returns which ids of the backup are others now
 */
export const restoreSchemas = async (
  registry: Registry,
  place: Place,
  wanted: readonly StoredSchema[],
  exported: Segment | null,
): Promise<IdMap> => {
  if (wanted.length === 0 || (await differences(registry, wanted)).length === 0) return new Map();
  const base = apicurio(registry);
  if (base !== undefined && exported !== null && (await isSubset(registry, wanted))) {
    await importExport(registry, base, await segmentBytes(place, exported));
    if ((await differences(registry, wanted)).length === 0) return new Map();
  }
  return registered(registry, wanted);
};

const isSubset = async (registry: Registry, wanted: readonly StoredSchema[]): Promise<boolean> => {
  const known = new Set(wanted.map(({ subject, schema }) => `${subject}\0${canonical(schema)}`));
  return (await schemasOf(registry)).every(({ subject, schema }) => known.has(`${subject}\0${canonical(schema)}`));
};

const canonical = (schema: string): string => JSON.stringify(JSON.parse(schema));

const importExport = async (registry: Registry, base: string, content: Buffer): Promise<void> => {
  for (const subject of (await asked<string[]>(registry, '/subjects')) ?? []) {
    await call(`${base}/groups/default/artifacts/${encodeURIComponent(subject)}`, { method: 'DELETE' });
  }
  // Rules are part of the export, and one that is there already would be refused.
  await call(`${base}/admin/rules`, { method: 'DELETE' });
  const response = await call(`${base}/admin/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/zip' },
    body: new Uint8Array(content),
  });
  if (response.ok) return;
  throw new StreamError('SERVICE_FAILED', `The registry did not take its export back (${response.status}).`, {
    next: 'Run the restore again',
  });
};

const registered = async (registry: Registry, wanted: readonly StoredSchema[]): Promise<IdMap> => {
  const client = openRegistry(registry);
  const ids = new Map<number, number>();
  for (const { subject, id, schema } of wanted) {
    const now = await client.register(subject, schema);
    if (typeof id === 'number' && typeof now === 'number' && id !== now) ids.set(id, now);
  }
  return ids;
};

const FRAME_BYTES = 5;

/** A value with the id of its schema as it is now; the very same bytes when it has no frame, or its id stayed. */
export const reframed = (value: Buffer | null, ids: IdMap): Buffer | null => {
  if (ids.size === 0 || value === null || value[0] !== 0 || value.length < FRAME_BYTES) return value;
  const now = ids.get(value.readUInt32BE(1));
  if (now === undefined) return value;
  const changed = Buffer.from(value);
  changed.writeUInt32BE(now, 1);
  return changed;
};
