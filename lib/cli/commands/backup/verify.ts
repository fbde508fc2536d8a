import type { Command } from 'commander';
import { backupBar } from '../../backup-bar.ts';
import { type BackupOptions, backupPlaceFlags, componentsOf, storageOf } from '../../backup-flags.ts';
import { argument, escaped } from '../../escape.ts';
import { counted } from '../../format.ts';
import { jsonFlag } from '../../help.ts';
import { stackOf } from '../../stack.ts';
import { colours, note, print, printJson, printNext } from '../../terminal.ts';
import { sizeOf } from './list.ts';

interface Options extends BackupOptions {
  readonly id?: string;
}

export const define = (command: Command): void => {
  command
    .description('read all of a backup, and say what would stop a restore of it; exit code 1 then')
    .argument('<WHERE>', 'a folder, or s3://BUCKET/PREFIX')
    .option('--id <ID>', 'which backup (default: the newest one there)');
  backupPlaceFlags(jsonFlag(command)).action(run);
};

const run = async (where: string, options: Options): Promise<void> => {
  const { openPlace, obstaclesTo, requireManifest, segmentsOf } = await import('../../../operations/backup/index.ts');
  const place = openPlace(where, await storageOf(where, options));
  const bar = backupBar();
  try {
    const manifest = await requireManifest(place, options.id);
    const isUp = await hasCluster(options);
    const findings = await obstaclesTo(place, manifest, isUp ? await componentsOf(options) : undefined, bar.onProgress);
    bar.close();
    if (findings.length > 0) process.exitCode = 1;
    if (options.json === true) {
      return printJson({ id: manifest.id, ok: findings.length === 0, comparedWithCluster: isUp, findings });
    }
    for (const { file, problem } of findings) print(`${colours.red('✗')} ${escaped(file)}: ${escaped(problem)}`);
    if (findings.length > 0) return;
    const files = counted(segmentsOf(manifest).length, 'file');
    print(`${colours.green('✓')} ${manifest.id} is whole: ${files}, ${counted(sizeOf(manifest).records, 'record')}.`);
    if (!isUp) note('The stack is not running, so whether its Kafka would take the topics was not asked.');
    printNext(`./stream-manager.sh restore ${argument(where)} --dry-run`);
  } finally {
    bar.close();
    place.close();
  }
};

/** Whether there is a cluster to ask: the one that variables name, or that of a stack that was started. */
const hasCluster = async ({ remote, dataDir }: Options): Promise<boolean> =>
  remote === true || (await stackOf(dataDir === undefined ? {} : { dataDir })).engine !== undefined;
