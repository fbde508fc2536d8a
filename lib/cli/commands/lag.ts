import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { LagRow } from '../../operations/lag.ts';
import { integer } from '../arguments.ts';
import { escapedName } from '../escape.ts';
import { age, number } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { interruptSignal } from '../interrupt.ts';
import { liveText } from '../live-text.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { stateOf } from '../states.ts';
import { right, table } from '../table.ts';
import { colours, print, printJson, printNext } from '../terminal.ts';

interface Options extends StackChoice {
  readonly watch?: boolean;
  readonly every: number;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .option('--watch', 'look again and again until Ctrl-C; without a terminal a line of JSON each time')
    .option('--every <SECONDS>', 'how often, with --watch', integer(1, 3_600), 2);
  placeFlags(jsonFlag(command)).action(run);
  examples(command, {
    lag: 'how far behind every group is, in records and in time',
    'lag --watch': 'the same, live',
    'lag --watch --every 10 --json > lag.jsonl': 'a line every ten seconds',
  });
};

const run = async (options: Options): Promise<void> => {
  const { withAdmin } = await import('../../operations/cluster.ts');
  const { lagWatcher } = await import('../../operations/lag.ts');
  const settings = await settingsOf(options);
  const look = lagWatcher(settings);
  const isLive = options.watch === true && options.json !== true && process.stdout.isTTY === true;
  const signal = options.watch === true ? interruptSignal() : undefined;
  const shown = liveText(process.stdout);
  await withAdmin(settings, async (admin) => {
    do {
      const rows = await look(admin);
      if (isLive)
        shown.show(() => `${lagTable(rows)}\n${colours.dim(`${new Date().toISOString()}  Ctrl-C ends`)}`, String);
      else if (options.watch === true) printJson({ at: new Date().toISOString(), groups: rows });
      else if (options.json === true) printJson(rows);
      else print(lagTable(rows));
      if (signal !== undefined) await delay(options.every * 1_000, undefined, { signal }).catch(() => undefined);
    } while (signal !== undefined && !signal.aborted);
  });
  // Ctrl-C is how watching ends: nothing has failed.
  if (signal !== undefined) process.exitCode = 0;
  else if (options.json !== true)
    printNext('./stream-manager.sh lag --watch', './stream-manager.sh describe-group GROUP');
};

/** Groups in columns, those that are furthest behind first. */
export const lagTable = (rows: readonly LagRow[]): string =>
  table(
    [...['GROUP', 'TOPIC', 'STATE'], ...['MEMBERS', 'LAG', 'PARTITIONS BEHIND', 'LAG TIME'].map(right)],
    rows.map(({ group, topic, state, members, lag, behind, lagMs }) => [
      ...[escapedName(group), escapedName(topic), stateOf(state), number(members), number(lag), number(behind)],
      lagMs === null ? '-' : age(lagMs),
    ]),
  );
