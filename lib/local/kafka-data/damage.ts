import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LogFile, type RawBatch, readLogFile } from '../../kafka/index.ts';
import { topicRecordsOf } from './topic-records.ts';

const METADATA = '__cluster_metadata-0';
const META_PROPERTIES = 'meta.properties';
/** What a broker must know of itself; without it the storage would be formatted anew. */
const NEEDED = ['version', 'cluster.id', 'node.id', 'directory.id'];
/** Topics that are named in the sentence. */
const NAMED = 3;

/**
 * What is wrong with the log folder of a broker that is not running: Kafka would cut its metadata log at the first damaged
 * batch, forget the topics that were made after it, put their records aside as "stray", and come up as if nothing had been.
 * A last write that was cut off is no damage: it was not acknowledged.
 *
 * @param logs the folder that `log.dirs` names
 * @returns a part of a sentence; undefined where nothing is wrong, or there is nothing yet
 */
export const damageOf = async (logs: string): Promise<string | undefined> => {
  const names = existsSync(logs) ? await readdir(logs) : [];
  const partitions = names.filter((name) => name !== METADATA && /-\d+$/.test(name));
  if (partitions.length === 0 && !names.includes(METADATA)) return undefined;
  return (await damagedProperties(logs)) ?? (await damagedMetadata(logs, partitions));
};

const damagedProperties = async (logs: string): Promise<string | undefined> => {
  const text = await readFile(join(logs, META_PROPERTIES), 'utf8').catch(() => undefined);
  if (text === undefined) return `${META_PROPERTIES} is missing, beside partitions that were written`;
  const missing = NEEDED.filter((name) => !new RegExp(`^${name.replace('.', '\\.')}=\\S`, 'm').test(text));
  return missing.length === 0 ? undefined : `${META_PROPERTIES} does not have ${missing.join(', ')}`;
};

const damagedMetadata = async (logs: string, partitions: readonly string[]): Promise<string | undefined> => {
  const folder = join(logs, METADATA);
  if (!existsSync(folder)) return 'the metadata log of the cluster is missing';
  const names = (await readdir(folder)).sort();
  const files = async (suffix: string): Promise<readonly { readonly name: string; readonly file: LogFile }[]> =>
    Promise.all(
      names
        .filter((name) => name.endsWith(suffix))
        .map(async (name) => ({ name, file: readLogFile(await readFile(join(folder, name))) })),
    );
  const [snapshots, segments] = await Promise.all([files('.checkpoint'), files('.log')]);
  const broken =
    snapshots.find(({ file }) => file.left > 0) ??
    segments.find(({ file }, i) => file.goesOn || (file.left > 0 && i < segments.length - 1));
  if (broken !== undefined) return `the metadata log of the cluster is damaged: ${join(METADATA, broken.name)}`;
  const written = segments.flatMap(({ file }) => file.batches);
  const gap = gapIn(written, Math.max(0, ...snapshots.map(({ name }) => Number(name.split('-')[0]))));
  if (gap !== undefined) return `the metadata log of the cluster has a gap at offset ${gap}`;
  return forgotten(logs, partitions, [...snapshots.flatMap(({ file }) => file.batches), ...written]);
};

/**
 * @param snapshot the offset before which the newest snapshot knows everything
 * @returns the first offset that is neither in it nor in the log
 */
const gapIn = (batches: readonly RawBatch[], snapshot: number): number | undefined => {
  let next: number | undefined;
  for (const { firstOffset, lastOffset } of batches) {
    if (next === undefined ? firstOffset > snapshot : firstOffset !== next) return next ?? snapshot;
    next = lastOffset + 1;
  }
  return undefined;
};

/** Topics whose partitions are there and which the metadata do not know, and have never removed. */
const forgotten = async (
  logs: string,
  partitions: readonly string[],
  batches: readonly RawBatch[],
): Promise<string | undefined> => {
  const { created, removed } = await topicRecordsOf(batches);
  const lost = new Set<string>();
  for (const partition of partitions) {
    const text = await readFile(join(logs, partition, 'partition.metadata'), 'utf8').catch(() => '');
    const id = /^topic_id: (\S+)$/m.exec(text)?.[1];
    if (id !== undefined && !created.has(id) && !removed.has(id)) lost.add(partition.replace(/-\d+$/, ''));
  }
  if (lost.size === 0) return undefined;
  const some = [...lost].sort().slice(0, NAMED).join(', ');
  const more = lost.size > NAMED ? ` and ${lost.size - NAMED} more` : '';
  return `the metadata log of the cluster has lost its end: it no longer knows ${some}${more}, whose records are there`;
};
