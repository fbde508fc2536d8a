import type { Command } from 'commander';
import type { MoveReport } from '../../../../handlers/analytics-events/history-state.ts';
import { startBar } from '../../bar.ts';
import { asTyped } from '../../call.ts';
import { number } from '../../format.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { interruptSignal } from '../../interrupt.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { print, printJson, printNext } from '../../terminal.ts';

export const define = (command: Command): void => {
  command
    .description('move scans by minute, hour and day out of the cache, and out of objects where there is a PostgreSQL')
    .option('--dry-run', 'only count what would be moved');
  placeFlags(jsonFlag(command)).action(run);
};

interface Options extends StackChoice {
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

const run = async (options: Options): Promise<void> => {
  const [{ moveToHistory }, { moveObjects, openHistory }, { openObjects }, { openRedis }] = await Promise.all([
    import('../../../../handlers/analytics-events/history-state.ts'),
    import('../../../stores/history/index.ts'),
    import('../../../stores/objects.ts'),
    import('../../../stores/redis.ts'),
  ]);
  const settings = await settingsOf(options);
  const isDryRun = options.dryRun === true;
  const signal = interruptSignal();
  const [redis, objects] = [openRedis(settings), openObjects(settings)];
  const history = openHistory(settings, objects);
  const bar = startBar(1, 0, 'counters of the cache');
  const onProgress = ({ found, moved }: MoveReport): void => {
    bar?.setTotal(Math.max(1, found));
    bar?.update(moved, { text: `${number(moved)} of ${number(found)} counters found so far` });
  };
  try {
    const fromCache = await moveToHistory({ redis, history }, { isDryRun, signal, onProgress });
    const fromObjects = await moveObjects(objects, history, { isDryRun, signal });
    bar?.stop();
    const report = { to: history.kind, isDryRun, ...fromCache, fromObjects };
    if (options.json === true) printJson(report);
    else show(report);
  } finally {
    bar?.stop();
    await history.close();
    redis.disconnect();
    objects.close();
  }
};

interface Report extends MoveReport {
  readonly to: string;
  readonly isDryRun: boolean;
  readonly fromObjects: number;
}

const show = (report: Report): void => {
  const { to, isDryRun, found, moved, open, left, fromObjects } = report;
  const where = to === 'database' ? 'PostgreSQL' : 'objects';
  print(
    `${number(found)} counters by time in the cache: ${number(moved)} ${isDryRun ? 'would move' : 'moved'} to ${where},`,
  );
  print(`${number(open)} of periods that are not over, ${number(left)} left.`);
  if (fromObjects > 0)
    print(`${number(fromObjects)} rows in objects ${isDryRun ? 'would move' : 'moved'} to ${where}.`);
  if (isDryRun) printNext(asTyped({ without: ['--dry-run'] }));
};
