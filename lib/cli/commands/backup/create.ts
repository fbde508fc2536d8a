import type { Command } from 'commander';
import { integer } from '../../arguments.ts';
import { backupBar } from '../../backup-bar.ts';
import { type BackupOptions, backupPlaceFlags, componentsOf, partFlags, partsOf } from '../../backup-flags.ts';
import { argument } from '../../escape.ts';
import { bytes, counted, duration, number } from '../../format.ts';
import { jsonFlag } from '../../help.ts';
import { interruptSignal } from '../../interrupt.ts';
import { functionsUrlOf } from '../../stack.ts';
import { colours, note, print, printJson, printNext } from '../../terminal.ts';
import { sizeOf } from './list.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

interface Options extends BackupOptions {
  readonly on?: string;
  readonly fullAfter?: number;
  readonly pause: boolean;
}

export const define = (command: Command): void => {
  command
    .description('copy everything, or go on with a copy that was begun there')
    .argument('<WHERE>', 'a folder, or s3://BUCKET/PREFIX')
    .option('--on <ID>', 'the earlier backup to build on, or none (default: the newest one there)')
    .option('--full-after <DAYS>', 'stand alone instead of joining a chain that is so old', integer(1, 3_650))
    .option('--no-pause', 'let the functions work while offsets and Redis are read; see docs/operations.md');
  backupPlaceFlags(jsonFlag(partFlags(command))).action(run);
};

const run = async (where: string, options: Options): Promise<void> => {
  const { createBackup, openPlace } = await import('../../../operations/backup/index.ts');
  const { whileAllPaused } = await import('../../../operations/mappings.ts');
  const settings = await componentsOf(options);
  const place = openPlace(where, settings);
  const signal = interruptSignal();
  const bar = backupBar();
  const begun = performance.now();
  const quietly = async <Result>(work: () => Promise<Result>) => {
    if (!options.pause || options.remote === true) return { result: await work(), wasQuiet: false };
    return { result: await whileAllPaused(await functionsUrlOf(options), work), wasQuiet: true };
  };
  try {
    const { manifest, wasContinued, copied, undecodable } = await createBackup(settings, place, {
      topics: options.topics,
      parts: partsOf(options),
      on: options.on,
      fullAfterMs: options.fullAfter === undefined ? undefined : options.fullAfter * DAY_MS,
      quietly,
      onProgress: bar.onProgress,
      signal,
    });
    bar.close();
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    const size = sizeOf(manifest);
    if (options.json === true)
      return printJson({ id: manifest.id, on: manifest.on, copied, undecodable, seconds, ...size });
    if (wasContinued) note('Continued the one that was begun.');
    print(
      `${colours.green('✓')} Backup ${manifest.id}: ${counted(size.records, 'record')} of ${counted(size.topics, 'topic')}, ${number(copied)} of them read now; ${counted(size.groups, 'group')}, ${counted(size.schemas, 'schema')}, ${counted(size.keys, 'key')} of Redis; ${bytes(size.bytes)} in ${duration(seconds * 1_000)}.`,
    );
    if (undecodable > 0) {
      note(`Batches that cannot be decoded: ${number(undecodable)}. Their bytes are in it; a restore leaves them out.`);
    }
    if (manifest.on !== null) print(`  It builds on ${manifest.on}: keep that one, too.`);
    printNext(
      `./stream-manager.sh backup verify ${argument(where)}`,
      `./stream-manager.sh restore ${argument(where)} --dry-run`,
    );
  } finally {
    bar.close();
    place.close();
  }
};
