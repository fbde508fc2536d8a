import type { Command } from 'commander';
import { StreamError } from '../../errors.ts';
import type { Manifest, RestorePlan } from '../../operations/backup/index.ts';
import { backupBar } from '../backup-bar.ts';
import { type BackupOptions, backupPlaceFlags, componentsOf, partFlags, partsOf } from '../backup-flags.ts';
import { asTyped, hintFor } from '../call.ts';
import { counted, duration, number } from '../format.ts';
import { examples, jsonFlag } from '../help.ts';
import { interruptSignal } from '../interrupt.ts';
import { runningStackOf } from '../stack.ts';
import { table } from '../table.ts';
import { colours, confirm, note, print, printJson, printNext } from '../terminal.ts';

interface Options extends BackupOptions {
  readonly id?: string;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export const define = (command: Command): void => {
  command
    .argument('<WHERE>', 'a folder, or s3://BUCKET/PREFIX')
    .option('--id <ID>', 'which backup (default: the newest one there)')
    .option('--replace', 'delete topics and keys that are in the way')
    .option('--dry-run', 'show the plan and change nothing')
    .option('--yes', 'do not ask');
  backupPlaceFlags(jsonFlag(partFlags(command))).action(run);
  examples(command, {
    'restore /backups/qr --dry-run': 'what would be done',
    'restore /backups/qr --replace --yes': 'into a stack that has just been started, without being asked',
    'restore s3://my-backups/qr --topics payment-events': 'one topic, and where its groups stood',
  });
};

const run = async (where: string, options: Options): Promise<void> => {
  const backup = await import('../../operations/backup/index.ts');
  const settings = await componentsOf(options);
  const place = backup.openPlace(where, settings);
  const parts = partsOf(options);
  const bar = backupBar();
  try {
    const manifest = await backup.requireManifest(place, options.id);
    const plan = () => backup.planRestore(settings, place, manifest, { topics: options.topics, parts });
    const planned = await plan();
    if (options.json !== true) show(manifest, planned);
    const obstacles = await backup.obstaclesTo(place, manifest, settings, bar.onProgress);
    bar.close();
    backup.requireRestorable(place, manifest, obstacles);
    if (options.dryRun === true) {
      if (options.json === true) return printJson(planJson(manifest, planned));
      print('\nDry run: nothing was changed.');
      return printNext(asTyped({ without: ['--dry-run'], plus: isOccupied(planned) ? ['--replace'] : [] }));
    }
    if (options.replace !== true) backup.requireRoom(planned);
    if (options.yes !== true && !(await agreed(manifest, isOccupied(planned)))) {
      throw new StreamError('REFUSED', 'Nothing was restored.');
    }
    const signal = interruptSignal();
    const started = performance.now();
    // The newest backup may be another one by then.
    const call = asTyped({ plus: ['--yes', ...(options.id === undefined ? [`--id=${manifest.id}`] : [])] });
    // It is noted in the stack's folder, and told in shells that mean another stack.
    const next = hintFor(call) ?? call;
    let isBegun = false;
    const restore = async (begin: () => void = () => undefined) => {
      const current = await plan();
      if (options.replace !== true) backup.requireRoom(current);
      begin();
      isBegun = true;
      return backup.restoreBackup(settings, place, manifest, current, {
        topics: options.topics,
        parts,
        replace: options.replace === true,
        onProgress: bar.onProgress,
        signal,
      });
    };
    const done = await into(options, manifest.id, next, restore).catch((error: unknown) => {
      if (isBegun)
        note(`\nThe restore is not finished. The functions are as they were before it. To go on with it:\n  ${next}`);
      throw error;
    });
    bar.close();
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    if (options.json === true) return printJson({ id: manifest.id, ...done, seconds });
    print(
      `\n${colours.green('✓')} Restored ${manifest.id}: ${counted(done.records, 'record')}, ${counted(done.groups, 'group')}, ${counted(done.keys, 'key')} of Redis, ${counted(done.objects, 'object')} in ${duration(seconds * 1_000)}.`,
    );
    if (done.leftOut > 0) {
      note(`Batches that cannot be decoded, left out: ${number(done.leftOut)}. The backup keeps their bytes.`);
    }
    if (done.renumbered > 0)
      note(`${counted(done.renumbered, 'schema')} got another id; records were written with the new ones.`);
    printNext('./stream-manager.sh health', './stream-manager.sh groups');
  } finally {
    bar.close();
    place.close();
  }
};

/** Restores into the chosen stack, whose functions rest meanwhile, or into the components that variables name. */
const into = async <Result>(
  options: Options,
  backup: string,
  next: string,
  restore: (begin?: () => void) => Promise<Result>,
): Promise<Result> => {
  if (options.remote === true) return restore();
  // Which stack, and not what is left out of the restore, which has the name of what a stack is to run without.
  const { without: _, ...stackChoice } = options;
  return (await runningStackOf(stackChoice)).whileRestoring({ backup, next }, restore);
};

const isOccupied = ({ topics, redis }: RestorePlan): boolean =>
  redis === 'occupied' || topics.some(({ state }) => state === 'occupied');

const WORDS: Readonly<Record<RestorePlan['topics'][number]['state'] | RestorePlan['redis'], string>> = {
  make: 'is made',
  fill: 'is filled',
  continue: 'is continued',
  again: 'is begun again: a restore was interrupted',
  done: 'is there already',
  occupied: 'has other data; --replace deletes them',
  'not wanted': 'is left alone',
};

const recordsOf = ({ partitions }: RestorePlan['topics'][number]): number =>
  partitions.reduce((sum, { records }) => sum + records, 0);

const show = ({ id, begunAt, wasQuiet, redis }: Manifest, plan: RestorePlan): void => {
  print(`${colours.bold(id)}, begun at ${begunAt}\n`);
  print(
    table(
      ['WHAT', { head: 'ENTRIES', align: 'right' }, ''],
      [
        ...plan.topics.map((topic) => [topic.stored.name, number(recordsOf(topic)), WORDS[topic.state]]),
        ['Redis', number(redis.reduce((sum, { entries }) => sum + entries, 0)), WORDS[plan.redis]],
        ['objects', '', WORDS[plan.objects]],
      ],
    ),
  );
  if (!wasQuiet && redis.length > 0)
    print('\nIt was made while functions worked: what they did in that moment may count twice or not at all.');
};

const planJson = ({ id }: Manifest, { topics, redis, objects }: RestorePlan) => ({
  id,
  topics: topics.map((topic) => ({ topic: topic.stored.name, state: topic.state, records: recordsOf(topic) })),
  redis,
  objects,
});

const agreed = ({ id }: Manifest, deletes: boolean): Promise<boolean> =>
  confirm(`\nRestore ${id}${deletes ? ' and delete what is in the way' : ''}? The functions are stopped meanwhile.`, {
    message: 'A restore has to be confirmed, and there is no terminal to ask on.',
  });
