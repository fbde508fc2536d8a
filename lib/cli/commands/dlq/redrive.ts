import type { Command } from 'commander';
import { StreamError } from '../../../errors.ts';
import type { LetterStores, Redriven, RedrivePlan } from '../../../operations/dead-letters/index.ts';
import { STATUSES_MEANT } from '../../../operations/dead-letters/meant.ts';
import type { Settings } from '../../../settings.ts';
import { integer } from '../../arguments.ts';
import { batchBar } from '../../batch-bar.ts';
import { counted, number } from '../../format.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { interruptSignal } from '../../interrupt.ts';
import { settingsOf } from '../../stack.ts';
import { colours, note, print, printJson, printNext } from '../../terminal.ts';
import { type ChangeOptions, changeFlags, noteDryRun, noteLeft, requireYes, showChosen } from './change.ts';
import { chosenLetters } from './filter.ts';
import { patchLetter } from './patch.ts';

interface Options extends ChangeOptions {
  readonly rate?: number;
  readonly again?: boolean;
  readonly patch?: string;
}

const acts = () => import('../../../operations/dead-letters/index.ts');

export const define = (command: Command): void => {
  changeFlags(command.description('put records back on their topics; without --status those that are open or parked'))
    .option('--rate <N>', 'at most so many records a second', integer(1))
    .option('--again', 'also what was put back often and came back each time')
    .option('--patch <FILE>', 'with an ID: put it back with the payload in this JSON file');
  placeFlags(jsonFlag(command)).action(run);
};

const run = async (id: string | undefined, options: Options): Promise<void> => {
  if (options.patch !== undefined && id === undefined) {
    throw new StreamError('USAGE', '--patch needs the ID of the letter it is for.');
  }
  const { operator, planRedrive, withLetters } = await acts();
  const settings = await settingsOf(options);
  const isQuiet = options.json === true;
  await withLetters(settings, async (stores) => {
    if (options.dryRun !== true && !(await settled(settings, stores))) return;
    const plan = planRedrive(
      await chosenLetters(id, options, STATUSES_MEANT.redrive, stores),
      options.again === true,
      Date.now(),
    );
    if (!isQuiet) showPlan(plan);
    if (plan.letters.length === 0 || options.dryRun === true) return tellUntouched(plan, isQuiet);
    const by = operator();
    const patch = options.patch === undefined ? undefined : await patchLetter(plan, options.patch, by, isQuiet, stores);
    if (options.yes !== true) {
      await requireYes(`Put ${counted(plan.letters.length, 'letter')} back on their topics?`);
    }
    await patch?.();
    tell(plan, await redriven(plan, stores, options.rate, by), isQuiet);
  });
};

/** Clears up after a redrive that was cut off. @returns false when Ctrl-C ended it */
const settled = async (settings: Settings, stores: LetterStores): Promise<boolean> => {
  const { settleInterrupted } = await acts();
  const came = await settleInterrupted(settings, stores, {
    signal: interruptSignal(),
    onWait: (letters) => note(`Another redrive has ${counted(letters, 'letter')} under way: waiting a moment ...`),
  });
  if (came === undefined) return false;
  const { found, open } = came;
  if (found + open > 0) {
    note(`A redrive was cut off with ${counted(found + open, 'letter')} under way: ${found} had been put back.`);
  }
  return true;
};

const redriven = async (
  { letters }: RedrivePlan,
  stores: LetterStores,
  perSecond: number | undefined,
  by: string,
): Promise<Redriven> => {
  const { redriveLetters } = await acts();
  const bar = batchBar(letters.length);
  try {
    return await redriveLetters(letters, stores, { by, perSecond, signal: interruptSignal(), onProgress: bar.update });
  } finally {
    bar.close();
  }
};

const showPlan = ({ letters, left }: RedrivePlan): void => {
  showChosen(letters);
  noteLeft(left);
  if (letters.length === 0) return;
  const topics = new Map<string, number>();
  for (const { topic } of letters) topics.set(topic, (topics.get(topic) ?? 0) + 1);
  const words = [...topics].map(([topic, count]) => `${number(count)} onto ${topic}`);
  print(`\nTo be put back, with their own key, value and headers: ${words.join(', ')}.`);
};

const tellUntouched = ({ letters, left }: RedrivePlan, isQuiet: boolean): void => {
  const isLeft = letters.length === 0 && left.length > 0;
  if (isLeft) process.exitCode = 1;
  if (isQuiet) printJson({ letters: letters.map(({ id }) => id), changed: 0, left });
  else if (letters.length > 0) noteDryRun();
};

const tell = (plan: RedrivePlan, { redriven: changed, left: failed, waiting }: Redriven, isQuiet: boolean): void => {
  const left = [...plan.left, ...failed];
  if (left.length > 0) process.exitCode = 1;
  if (isQuiet) {
    printJson({ letters: plan.letters.map(({ id }) => id), changed, left });
    return;
  }
  noteLeft(failed);
  print(`\n${colours.green('✓')} ${counted(changed, 'letter')} put back.`);
  if (waiting > 0) note(`Stopped: ${counted(waiting, 'letter')} to go. The same command goes on with them.`);
  printNext('./stream-manager.sh dlq');
};
