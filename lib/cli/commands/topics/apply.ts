import type { Command } from 'commander';
import { StreamError } from '../../../errors.ts';
import type { Difference } from '../../../operations/topic-plan.ts';
import { asTyped } from '../../call.ts';
import { counted } from '../../format.ts';
import { jsonFlag, placeFlags } from '../../help.ts';
import { interruptSignal } from '../../interrupt.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { colours, confirm, note, noteColours, print, printJson, printNext } from '../../terminal.ts';
import { showDifferences } from './drift.ts';

interface Options extends StackChoice {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .description('make the cluster agree with the catalog: make topics, grow them, change settings')
    .option('--dry-run', 'show the plan and change nothing')
    .option('--yes', 'do not ask');
  placeFlags(jsonFlag(command)).action(run);
};

const run = async (options: Options): Promise<void> => {
  if (options.env !== undefined && options.dryRun !== true) {
    throw new StreamError('USAGE', `The topics of ${options.env} are changed by deploying, so that the stack knows.`, {
      next: `npm run aws:deploy -- ${options.env}; what differs: ./stream-manager.sh topics drift`,
    });
  }
  const { withAdmin } = await import('../../../operations/cluster.ts');
  const { applyTopics, topicDrift } = await import('../../../operations/topic-apply.ts');
  const settings = await settingsOf(options);
  const planned = await withAdmin(settings, topicDrift);
  const changes = planned.filter(({ repair }) => repair !== 'none');
  const isQuiet = options.json === true;
  if (!isQuiet && planned.length > 0) showDifferences(planned);
  if (changes.length === 0 || options.dryRun === true) {
    tellLeft(planned.filter(({ repair }) => repair === 'none'));
    if (isQuiet) return printJson({ planned, changed: 0, left: planned });
    if (planned.length === 0) return print('The cluster agrees with the catalog: nothing to change.');
    if (changes.length > 0) {
      print('\nDry run: nothing was changed.');
      printNext(asTyped({ without: ['--dry-run'] }));
    }
    return;
  }
  if (options.yes !== true && !(await agreed(changes.length))) throw new StreamError('REFUSED', 'Nothing was changed.');
  // From here on Ctrl-C waits for the step under way; what is left is done by calling it again.
  interruptSignal();
  const left = await withAdmin(settings, (admin) => applyTopics(admin, settings, changes));
  tellLeft(left);
  if (isQuiet) return printJson({ planned, changed: changes.length, left });
  print(`\n${colours.green('✓')} ${counted(changes.length, 'change')} made.`);
  printNext('./stream-manager.sh topics');
};

/** Where there are partitions too many the cluster still does not agree: that is a failure. */
const tellLeft = (left: readonly Difference[]): void => {
  if (left.length === 0) return;
  process.exitCode = 1;
  for (const { topic, actual, wanted } of left) {
    note(
      `${noteColours.red('✗')} ${topic} has ${actual} partitions and the catalog ${wanted}: a topic cannot be shrunk, its records would be lost.`,
    );
  }
};

const agreed = (count: number): Promise<boolean> =>
  confirm(`\nMake ${counted(count, 'change')}?`, {
    message: 'Without a terminal nobody can be asked.',
  });
