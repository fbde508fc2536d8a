import { messageOf, StreamError, TransientError } from '../../errors.ts';
import { openRegistry } from '../../events/index.ts';
import type { Settings } from '../../settings.ts';
import type { IdMap } from './frames.ts';
import type { Segment, StoredSchema } from './manifest.ts';
import type { Place } from './place.ts';
import { segmentBytes } from './read-segment.ts';
import { registerAll, schemasIn } from './schemas-copy.ts';
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

const schemasOf = (registry: Registry): Promise<readonly StoredSchema[]> => schemasIn(openRegistry(registry));

const differences = async (registry: Registry, wanted: readonly StoredSchema[]): Promise<StoredSchema[]> => {
  const there = new Map((await schemasOf(registry)).map((one) => [`${one.subject}\0${one.version}`, one]));
  return wanted.filter(({ subject, version, id }) => there.get(`${subject}\0${version}`)?.id !== id);
};

/**
 * Makes the registry know the schemas of a backup, under the ids they had where it can: Apicurio takes its own export into an
 * emptied registry with ids as they were. It is emptied only when the backup has all it holds. Any other registry, Glue too,
 * gives ids of its own, and records are written with those.
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
  return registerAll(openRegistry(registry), wanted);
};

const isSubset = async (registry: Registry, wanted: readonly StoredSchema[]): Promise<boolean> => {
  const known = new Set(wanted.map(({ subject, schema }) => `${subject}\0${canonical(schema)}`));
  return (await schemasOf(registry)).every(({ subject, schema }) => known.has(`${subject}\0${canonical(schema)}`));
};

/** The same text for the same JSON; Protobuf is as it is. */
const canonical = (schema: string): string => {
  try {
    return JSON.stringify(JSON.parse(schema));
  } catch {
    return schema;
  }
};

const importExport = async (registry: Registry, base: string, content: Buffer): Promise<void> => {
  for (const subject of await openRegistry(registry).subjects()) {
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
