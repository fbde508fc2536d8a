import type { Command } from 'commander';
import { backupBar } from '../../backup-bar.ts';
import { type BackupOptions, backupPlaceFlags, storageOf } from '../../backup-flags.ts';
import { argument, escaped } from '../../escape.ts';
import { counted } from '../../format.ts';
import { jsonFlag } from '../../help.ts';
import { colours, print, printJson, printNext } from '../../terminal.ts';
import { sizeOf } from './list.ts';

interface Options extends BackupOptions {
  readonly id?: string;
}

export const define = (command: Command): void => {
  command
    .description('read all of a backup, and say which file is broken; exit code 1 then')
    .argument('<WHERE>', 'a folder, or s3://BUCKET/PREFIX')
    .option('--id <ID>', 'which backup (default: the newest one there)');
  backupPlaceFlags(jsonFlag(command)).action(run);
};

const run = async (where: string, options: Options): Promise<void> => {
  const { openPlace, requireManifest, segmentsOf, verifyBackup } = await import('../../../operations/backup/index.ts');
  const place = openPlace(where, await storageOf(where, options));
  const bar = backupBar();
  try {
    const manifest = await requireManifest(place, options.id);
    const findings = await verifyBackup(place, manifest, bar.onProgress);
    bar.close();
    if (findings.length > 0) process.exitCode = 1;
    if (options.json === true) return printJson({ id: manifest.id, ok: findings.length === 0, findings });
    for (const { file, problem } of findings) print(`${colours.red('✗')} ${escaped(file)}: ${escaped(problem)}`);
    if (findings.length > 0) return;
    const files = counted(segmentsOf(manifest).length, 'file');
    print(`${colours.green('✓')} ${manifest.id} is whole: ${files}, ${counted(sizeOf(manifest).records, 'record')}.`);
    printNext(`./stream-manager.sh restore ${argument(where)} --dry-run`);
  } finally {
    bar.close();
    place.close();
  }
};
