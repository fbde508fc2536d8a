import type { Command } from 'commander';
import { backupBar } from '../../backup-bar.ts';
import { componentsOf } from '../../backup-flags.ts';
import { escaped } from '../../escape.ts';
import { counted } from '../../format.ts';
import { dataDirFlag, jsonFlag } from '../../help.ts';
import { type StackChoice, stackOf } from '../../stack.ts';
import { colours, note, print, printJson, printNext } from '../../terminal.ts';
import { sizeOf } from './list.ts';

interface Options extends StackChoice {
  readonly id?: string;
  readonly remote?: boolean;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .description('read all of a backup, and say what would stop a restore of it; exit code 1 then')
    .argument('<WHERE>', 'a folder, or s3://BUCKET/PREFIX')
    .option('--id <ID>', 'which backup (default: the newest one there)')
    .option('--remote', 'would it go into the components that KAFKA_BROKERS and the like name, not the local stack');
  dataDirFlag(jsonFlag(command)).action(run);
};

const run = async (where: string, options: Options): Promise<void> => {
  const { openPlace, obstaclesTo, requireManifest, segmentsOf } = await import('../../../operations/backup/index.ts');
  const settings = await componentsOf(options);
  const place = openPlace(where, settings);
  const bar = backupBar();
  try {
    const manifest = await requireManifest(place, options.id);
    const isUp = options.remote === true || (await stackOf(options)).engine !== undefined;
    const findings = await obstaclesTo(place, manifest, isUp ? settings : undefined, bar.onProgress);
    bar.close();
    if (findings.length > 0) process.exitCode = 1;
    if (options.json === true) {
      return printJson({ id: manifest.id, ok: findings.length === 0, comparedWithCluster: isUp, findings });
    }
    for (const { file, problem } of findings) print(`${colours.red('✗')} ${escaped(file)}: ${escaped(problem)}`);
    if (findings.length > 0) return;
    const files = counted(segmentsOf(manifest).length, 'file');
    print(`${colours.green('✓')} ${manifest.id} is whole: ${files}, ${counted(sizeOf(manifest).records, 'record')}.`);
    if (!isUp)
      note('This stack is not started: whether its Kafka would take the topics and their settings was not asked.');
    printNext(`./stream-manager.sh restore ${where} --dry-run`);
  } finally {
    bar.close();
    place.close();
  }
};
