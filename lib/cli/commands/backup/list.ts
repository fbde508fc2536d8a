import type { Command } from 'commander';
import type { Manifest } from '../../../operations/backup/index.ts';
import { type BackupOptions, backupPlaceFlags, storageOf } from '../../backup-flags.ts';
import { argument } from '../../escape.ts';
import { bytes, number } from '../../format.ts';
import { jsonFlag } from '../../help.ts';
import { right, table } from '../../table.ts';
import { note, print, printJson, printNext } from '../../terminal.ts';

export const define = (command: Command): void => {
  command.description('the backups of a place').argument('<WHERE>', 'a folder, or s3://BUCKET/PREFIX');
  backupPlaceFlags(jsonFlag(command)).action(run);
};

/** What a backup holds, in numbers. */
export const sizeOf = ({ topics, groups, schemas, redis, objects }: Manifest) => {
  const segments = topics.flatMap(({ partitions }) => partitions.flatMap((each) => each.segments));
  const sum = (some: readonly { readonly entries: number }[]): number =>
    some.reduce((total, { entries }) => total + entries, 0);
  return {
    topics: topics.length,
    records: topics.reduce((total, { partitions }) => total + partitions.reduce((all, each) => all + kept(each), 0), 0),
    groups: groups.length,
    schemas: schemas.length,
    keys: sum(redis),
    bytes: [...segments, ...redis, ...objects].reduce((total, each) => total + each.bytes, 0),
  };
};

/** Records of a partition, without those that were deleted already and only share a file with others. */
const kept = ({ segments, begin }: Manifest['topics'][number]['partitions'][number]): number =>
  segments.reduce((total, { first, entries }) => total + Math.max(0, entries - Math.max(0, begin - first)), 0);

const run = async (where: string, options: BackupOptions): Promise<void> => {
  const { backupsIn, openPlace, requireManifest } = await import('../../../operations/backup/index.ts');
  const place = openPlace(where, await storageOf(where, options));
  try {
    const { whole, unfinished } = await backupsIn(place);
    const backups = await Promise.all(whole.map((id) => requireManifest(place, id)));
    const rows = backups.map((manifest) => ({ id: manifest.id, on: manifest.on, ...sizeOf(manifest) }));
    if (options.json === true) return printJson({ backups: rows, unfinished });
    if (rows.length === 0) print(`No whole backup in ${where}.`);
    else {
      print(
        table(
          ['ID', 'BUILDS ON', ...['TOPICS', 'RECORDS', 'GROUPS', 'SCHEMAS', 'KEYS', 'SIZE'].map(right)],
          rows.map((row) => [
            row.id,
            row.on ?? '-',
            ...[row.topics, row.records, row.groups, row.schemas, row.keys].map(number),
            bytes(row.bytes),
          ]),
        ),
      );
    }
    for (const id of unfinished) note(`${id} was begun and not finished: it is no backup.`);
    if (unfinished.length > 0 || rows.length === 0) printNext(`./stream-manager.sh backup create ${argument(where)}`);
    else printNext(`./stream-manager.sh backup verify ${argument(where)}`);
  } finally {
    place.close();
  }
};
