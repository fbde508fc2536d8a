import type { Command } from 'commander';
import { TOPIC_NAMES, type TopicName } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import type { CacheCheck, Repaired, RepairPlan, RepairRequest, Snapshot } from '../../operations/repair/index.ts';
import type { WhilePaused } from '../../operations/repair/repair.ts';
import type { Settings } from '../../settings.ts';
import type { Redis } from '../../stores/redis.ts';
import { listOf, moment } from '../arguments.ts';
import { backupBar } from '../backup-bar.ts';
import { asTyped } from '../call.ts';
import { counted, duration } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { interruptSignal } from '../interrupt.ts';
import { planJson, planTable, repairedTable } from '../repair-table.ts';
import { replayBar } from '../replay-bar.ts';
import { functionsUrlOf, type StackChoice, settingsOf } from '../stack.ts';
import { colours, confirm, note, print, printJson, printNext } from '../terminal.ts';

interface Options extends StackChoice {
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly from?: string;
  readonly id?: string;
  readonly topics?: readonly TopicName[];
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .option('--since <WHEN>', 'replay what came since: a time before the loss, or how long ago (10m, 2h, 1d)', moment)
    .option('--from <BACKUP>', 'put the cache of a backup back first: a folder, or s3://BUCKET/PREFIX')
    .option('--id <ID>', 'which backup (default: the newest one there)')
    .option('--topics <NAMES>', 'with --since: only these topics, with commas between', listOf(TOPIC_NAMES))
    .option('--replace', 'with --from: also where the cache has not lost anything')
    .option('--dry-run', 'show the plan and change nothing')
    .option('--yes', 'do not ask');
  placeFlags(jsonFlag(command)).action(run);
  examples(command, {
    'repair --since 10m --dry-run': 'what would be replayed',
    'repair --since 10m': 'after a failover: the last ten minutes again, and what of it had been lost',
    'repair --from /backups/qr': 'after a cache that is gone: its newest backup, and all that came since',
    'repair --from s3://BUCKET/qr --env prod --yes': 'the same in AWS, without being asked',
  });
  command.addHelpText(
    'after',
    '\nRecords that have taken effect are skipped, so a time too early is only slower. Ctrl-C: run it again to resume.',
  );
};

const run = async (options: Options): Promise<void> => {
  requireOne(options);
  const { openSnapshot } = await import('../../operations/repair/index.ts');
  const { openRedis } = await import('../../stores/redis.ts');
  const { storeError } = await import('../../stores/store-error.ts');
  const { redisSilent } = await import('../../operations/unreachable.ts');
  const settings = await settingsOf(options);
  const snapshot = options.from === undefined ? undefined : await openSnapshot(options.from, options.id, settings);
  const redis = openRedis(settings);
  try {
    await repair(settings, redis, snapshot, options);
  } catch (error) {
    // Kafka and Lambda speak for themselves: only what the client of Redis throws is about Redis.
    const isSilent =
      error instanceof Error && /Command timed out|Connection is closed|max retries/i.test(error.message);
    throw storeError(error) ?? (isSilent ? redisSilent(settings, error) : error);
  } finally {
    redis.disconnect();
    snapshot?.place.close();
  }
};

/** @throws StreamError USAGE */
const requireOne = ({ since, from, id, topics, replace }: Options): void => {
  const next = 'After a failover: repair --since 10m; after a cache that is gone: repair --from BACKUP';
  if ((since === undefined) === (from === undefined)) {
    throw new StreamError('USAGE', 'It needs either --since or --from.', { next });
  }
  if (from === undefined && (id !== undefined || replace === true)) {
    throw new StreamError('USAGE', '--id and --replace belong to --from.', { next });
  }
  // The cache of a backup is that of all topics: each of them has to be replayed on it.
  if (from !== undefined && topics !== undefined) {
    throw new StreamError('USAGE', '--topics belongs to --since: a backup is put back whole.', { next });
  }
};

const repair = async (
  settings: Settings,
  redis: Redis,
  snapshot: Snapshot | undefined,
  options: Options,
): Promise<void> => {
  const { checkCache, isWhole, planRepair, repairCache } = await import('../../operations/repair/index.ts');
  const request = requestOf(options, snapshot);
  const isQuiet = options.json === true;
  const planned = await planRepair(settings, redis, request);
  const check = await checkCache(settings);
  if (snapshot !== undefined) requireLoss(isWhole(check), options);
  if (!isQuiet) show(planned, snapshot, check);
  if (options.dryRun === true) {
    if (isQuiet) return printJson(planJson(planned));
    print('\nDry run: nothing was changed.');
    return printNext(again(options));
  }
  if (planned.rewinds.length === 0 && snapshot === undefined && isWhole(check)) {
    return isQuiet ? printJson(planJson(planned)) : print('\nNothing came since: there is nothing to replay.');
  }
  await requireAgreement(options, snapshot);
  // From here on Ctrl-C must leave neither mappings paused nor groups half rewound.
  const signal = interruptSignal();
  const begun = performance.now();
  const [keys, bar] = [backupBar(), replayBar()];
  try {
    const whilePaused = await pausing(options, planned);
    const onKeys = keys.onProgress;
    const done = await repairCache(settings, redis, request, {
      ...{ whilePaused, snapshot, onKeys, onReplayed: bar.onReplayed, signal },
    });
    keys.close();
    bar.close();
    report(done, Math.round((performance.now() - begun) / 100) / 10, options);
  } finally {
    keys.close();
    bar.close();
  }
};

const requestOf = ({ since = 0, topics }: Options, snapshot: Snapshot | undefined): RepairRequest =>
  snapshot === undefined ? { since, topics } : { backup: snapshot.manifest };

/** @throws StreamError REFUSED where a cache that is whole would be replaced */
const requireLoss = (isWhole: boolean, { replace }: Options): void => {
  if (replace === true || !isWhole) return;
  throw new StreamError('REFUSED', 'The cache has lost nothing that can be seen, and --from deletes what it has.', {
    next: 'Repair its end with --since; or add --replace, if you know better',
  });
};

/** What an operator should know before saying yes to a replay. */
const warningsOf = ({ since = Date.now() }: RepairPlan, { isGone, losses }: CacheCheck): readonly string[] => {
  const early = losses.map(({ at }) => at).filter((at) => Date.parse(at) < since);
  return [
    ...(isGone ? ['The cache is empty: what came before that time stays lost. A backup has it: --from BACKUP'] : []),
    ...(early.length > 0 ? [`A loss was noticed at ${early.sort()[0]}, before that time: choose an earlier one.`] : []),
  ];
};

/** The same call, to be done; with the time itself, because how long ago it was changes. */
const again = ({ since }: Options): string =>
  asTyped({
    without: ['--dry-run'],
    values: since === undefined ? {} : { '--since': new Date(since).toISOString() },
  });

const show = (planned: RepairPlan, snapshot: Snapshot | undefined, check: CacheCheck): void => {
  const { since, continued } = planned;
  if (continued !== undefined) print(`Continues the repair begun at ${continued.begunAt}.`);
  if (snapshot === undefined) print(`Replays what came since ${new Date(since ?? 0).toISOString()}.\n`);
  else print(`Replaces the cache by backup ${colours.bold(snapshot.manifest.id)}, and replays what came since.\n`);
  print(planTable(planned));
  const warnings = snapshot === undefined ? warningsOf(planned, check) : [];
  for (const warning of warnings) note(`\n${colours.yellow('!')} ${warning}`);
};

/** As `reset-group` asks: the local stack is one's own, and a replay does no harm; deleting keys is another matter. */
const requireAgreement = async (options: Options, snapshot: Snapshot | undefined): Promise<void> => {
  const asks = process.stdin.isTTY === true || options.env !== undefined || snapshot !== undefined;
  if (options.yes === true || !asks) return;
  const question =
    snapshot === undefined ? 'Replay it?' : 'Delete what the cache has, put the backup back, and replay?';
  const without = { message: 'A repair has to be confirmed, and there is no terminal to ask on.' };
  if (await confirm(`\n${question} The mappings are paused meanwhile.`, without)) return;
  throw new StreamError('REFUSED', 'Nothing was repaired.');
};

const pausing = async (options: Options, { rewinds }: RepairPlan): Promise<WhilePaused> => {
  const { env, topics = TOPIC_NAMES } = options;
  if (env !== undefined) {
    const { whileDisabled } = await import('../../operations/repair/index.ts');
    return (work) => whileDisabled({ environment: env, topics }, work);
  }
  const { whileAllPaused } = await import('../../operations/mappings.ts');
  const url = await functionsUrlOf(options);
  note(
    `Pausing the mappings; ${counted(new Set(rewinds.map(({ group }) => group)).size, 'group')} will be rewound ...`,
  );
  return (work) => whileAllPaused(url, work);
};

const report = (done: Repaired, seconds: number, options: Options): void => {
  // What Kafka no longer has could not be repaired.
  if (done.gaps.length > 0 || done.isUnsure) process.exitCode = 1;
  if (options.json === true) {
    printJson({ ...done, seconds });
    return;
  }
  print(`\n${repairedTable(done)}`);
  const sum = (of: 'replayed' | 'appliedAgain'): number => done.topics.reduce((total, one) => total + one[of], 0);
  const keys = done.keys === 0 ? '' : `${counted(done.keys, 'key')} put back, `;
  print(
    `\n${colours.green('✓')} ${keys}${counted(sum('replayed'), 'record')} replayed, ${counted(sum('appliedAgain'), 'record')} took effect again, in ${duration(seconds * 1_000)}.`,
  );
  for (const { topic, partition, from, to } of done.gaps)
    print(
      `${colours.red('✗')} ${topic} [${partition}]: offsets ${from} to ${to - 1} were deleted by Kafka and could not be replayed.`,
    );
  if (done.isUnsure) print(`${colours.red('✗')} The connection to the cache was lost meanwhile: run the same again.`);
  printNext('./stream-manager.sh health', './stream-manager.sh lag', './stream-manager.sh dlq');
};
