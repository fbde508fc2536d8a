import { StreamError } from '../../errors.ts';
import type { Place } from './place.ts';
import { checksumOf } from './segment.ts';

/** A file of a backup. */
export interface Segment {
  /** Name in the place; an incremental backup names files of earlier ones. */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly entries: number;
}

/** A file of records, which lie one after the other in their partition. */
export interface RecordSegment extends Segment {
  /** Offsets of the first and of the last record. */
  readonly first: number;
  readonly last: number;
  /** Checksum of the last record, by which a topic that was deleted and made again is told from the one it was. */
  readonly tail: string;
}

export interface StoredPartition {
  readonly partition: number;
  /** First offset there was. */
  readonly begin: number;
  /** Offset after the last. */
  readonly end: number;
  readonly segments: readonly RecordSegment[];
}

export interface StoredTopic {
  readonly name: string;
  readonly replicas: number;
  /** Settings that are the topic's own. */
  readonly config: Readonly<Record<string, string>>;
  readonly partitions: readonly StoredPartition[];
}

export interface StoredGroup {
  readonly group: string;
  readonly offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[];
}

export interface StoredSchema {
  readonly subject: string;
  readonly version: number;
  readonly id: number | string;
  readonly schema: string;
}

/** What a backup consists of, beside records. */
export const PARTS = ['schemas', 'redis', 'objects'] as const;

export type Part = (typeof PARTS)[number];

/** What is taken before any record is read. */
export interface State {
  readonly topics: readonly Omit<StoredTopic, 'partitions'>[];
  readonly groups: readonly StoredGroup[];
  readonly schemas: readonly StoredSchema[];
  /** What the registry itself exports, with which ids come back as they were; null where it has no such thing. */
  readonly registryExport: Segment | null;
  readonly redis: readonly Segment[];
  /** Whether nobody worked records while offsets and Redis were read. */
  readonly wasQuiet: boolean;
  readonly takenAt: string;
}

/** A whole backup. It is written last: what has no manifest is no backup. */
export interface Manifest extends Omit<State, 'topics'> {
  readonly format: 1;
  readonly id: string;
  /** The backup whose files it uses, or null when it stands alone. */
  readonly on: string | null;
  /** The one at the beginning of the chain, which stands alone; of its own where it does. Missing in the first ones made. */
  readonly root?: string;
  readonly parts: readonly Part[];
  /** ISO 8601, UTC. */
  readonly begunAt: string;
  readonly finishedAt: string;
  readonly topics: readonly StoredTopic[];
  readonly objects: readonly Segment[];
}

/** What a backup under way is to become, so that it can be continued. */
export interface Plan {
  readonly format: 1;
  readonly id: string;
  readonly on: string | null;
  readonly root?: string;
  readonly topics: readonly string[];
  readonly parts: readonly Part[];
  readonly begunAt: string;
}

/** Files of records that are whole, when a backup is stopped: whoever continues need not read them to know so. */
export type Copied = readonly RecordSegment[];

const fileOf = (id: string, name: 'plan' | 'state' | 'copied' | 'manifest'): string => `${id}/${name}.json`;

const write = (place: Place, name: string, content: unknown): Promise<void> => {
  const text = JSON.stringify(content);
  return place.put(name, Buffer.from(`{"sha256":"${checksumOf(text)}","content":${text}}\n`));
};

/** @throws StreamError REFUSED when the file is not as it was written */
const read = async <Content>(place: Place, name: string): Promise<Content | undefined> => {
  const text = (await place.get(name))?.toString('utf8');
  if (text === undefined) return undefined;
  const content = /^\{"sha256":"([0-9a-f]{64})","content":([\s\S]*)\}\n$/.exec(text);
  if (content?.[2] === undefined || checksumOf(content[2]) !== content[1]) {
    throw new StreamError('REFUSED', `${name} in ${place.address} is damaged: its checksum does not fit.`, {
      next: `See which backups are whole: ./stream-manager.sh backup list ${place.address}`,
    });
  }
  return JSON.parse(content[2]);
};

export const writePlan = (place: Place, plan: Plan): Promise<void> => write(place, fileOf(plan.id, 'plan'), plan);
export const readPlan = (place: Place, id: string): Promise<Plan | undefined> => read(place, fileOf(id, 'plan'));
export const writeState = (place: Place, id: string, state: State): Promise<void> =>
  write(place, fileOf(id, 'state'), state);
export const readState = (place: Place, id: string): Promise<State | undefined> => read(place, fileOf(id, 'state'));
export const writeCopied = (place: Place, id: string, copied: Copied): Promise<void> =>
  write(place, fileOf(id, 'copied'), copied);
export const readCopied = (place: Place, id: string): Promise<Copied | undefined> => read(place, fileOf(id, 'copied'));
export const writeManifest = (place: Place, manifest: Manifest): Promise<void> =>
  write(place, fileOf(manifest.id, 'manifest'), manifest);
export const readManifest = (place: Place, id: string): Promise<Manifest | undefined> =>
  read(place, fileOf(id, 'manifest'));

/** Ids are times, so that they sort: `2026-01-31T08-00-00.000Z`. */
export const idAt = (now: Date): string => now.toISOString().replaceAll(':', '-');

/** Milliseconds since 1970 at which it was begun. */
export const timeOf = (id: string): number => Date.parse(id.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'));

const ID = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/;

/** Ids of the backups in a place, oldest first: whole ones, and those that were begun and not finished. */
export const backupsIn = async (place: Place): Promise<{ whole: string[]; unfinished: string[] }> => {
  const names = await place.list('');
  const having = (name: string): string[] =>
    names.flatMap((each) => {
      const [id, file, more] = each.split('/');
      return id !== undefined && ID.test(id) && file === name && more === undefined ? [id] : [];
    });
  const whole = having('manifest.json');
  return { whole, unfinished: having('plan.json').filter((id) => !whole.includes(id)) };
};

/**
 * The manifest of a backup.
 *
 * @param id the newest whole one unless given
 * @throws StreamError NOT_FOUND where there is none, REFUSED for one that was not finished or is damaged
 */
export const requireManifest = async (place: Place, id?: string): Promise<Manifest> => {
  const { whole, unfinished } = await backupsIn(place);
  const chosen = id ?? whole.at(-1);
  if (chosen !== undefined && !whole.includes(chosen) && unfinished.includes(chosen)) throw isUnfinished(place, chosen);
  const manifest = chosen === undefined ? undefined : await readManifest(place, chosen);
  if (manifest !== undefined) return manifest;
  if (id === undefined && unfinished.length > 0) throw isUnfinished(place, unfinished.at(-1) ?? '');
  throw new StreamError('NOT_FOUND', `There is no backup${id === undefined ? '' : ` ${id}`} in ${place.address}.`, {
    next:
      whole.length > 0
        ? `There are: ${whole.join(', ')}`
        : `Make one: ./stream-manager.sh backup create ${place.address}`,
  });
};

const isUnfinished = (place: Place, id: string): StreamError =>
  new StreamError('REFUSED', `Backup ${id} in ${place.address} was begun and not finished.`, {
    next: `Finish it: ./stream-manager.sh backup create ${place.address}`,
  });

/** Every file a backup needs. */
export const segmentsOf = ({ topics, redis, objects, registryExport }: Manifest): readonly Segment[] => [
  ...topics.flatMap(({ partitions }) => partitions.flatMap(({ segments }) => segments)),
  ...redis,
  ...objects,
  ...(registryExport === null ? [] : [registryExport]),
];
