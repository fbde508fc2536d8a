import type { Command } from 'commander';
import { StreamError } from '../../errors.ts';
import type { Reset } from '../../operations/offsets.ts';
import { resetEffect } from '../../operations/reset-plan.ts';
import { isResetWord, RESET_WORDS, resetTarget } from '../../operations/reset-target.ts';
import { offered } from '../arguments.ts';
import { asTyped } from '../call.ts';
import { argument, escapedName } from '../escape.ts';
import { counted, number } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { interruptSignal } from '../interrupt.ts';
import { functionsUrlOf, type StackChoice, settingsOf } from '../stack.ts';
import { table } from '../table.ts';
import { colours, confirm, print, printJson, printNext } from '../terminal.ts';
import { type TopicPartitions, topicPartitions } from '../topic-partitions.ts';

interface Options extends StackChoice {
  readonly topicPartition?: TopicPartitions;
  readonly pause?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .argument('<GROUP>', 'the consumer group')
    .argument('<TOPIC>', 'the topic')
    .argument('[WHERE]', RESET_WORDS.join(', '), offered(RESET_WORDS), 'to-earliest')
    .argument('[VALUE]', 'the offset, the time in ISO 8601, how long ago (2h, PT2H), or how many messages (-100)')
    .option(
      '--topic-partition <TOPIC:P,P>',
      'only these partitions; the topic need not be named twice',
      topicPartitions,
    )
    .option('--pause', 'pause the local function of the topic for the time of the reset')
    .option('--dry-run', 'show the plan and change nothing')
    .option('--yes', 'do not ask');
  placeFlags(jsonFlag(command)).action(run);
  examples(command, {
    'reset-group qr-processors bulk-qr-processing': 'everything again, from the earliest offset',
    'reset-group qr-processors bulk-qr-processing to-datetime 2026-01-31T08:00:00Z --pause':
      'from a point in time, while the local function is paused',
    'reset-group qr-processors bulk-qr-processing to-offset 42 --dry-run': 'only shows from and to',
    'reset-group qr-processors bulk-qr-processing by-duration 2h --pause': 'the last two hours again',
    'reset-group qr-processors shift-by -100 --topic-partition bulk-qr-processing:0,3':
      'a hundred back, in two partitions',
  });
  command.addHelpText(
    'after',
    '\nOn a terminal it asks first. Without one (scripts) it prints the plan and acts, as long as the group is inactive.',
  );
};

const run = async (
  group: string,
  ...[first, second, third, options]: [topic: string, where: string, value: string | undefined, options: Options]
): Promise<void> => {
  const { topicPartition: chosen } = options;
  // The partitions name the topic: then it may be left out, and every word stands one place further to the front.
  const isLeftOut = chosen !== undefined && isResetWord(first);
  const topic = isLeftOut ? chosen.topic : first;
  const target = isLeftOut ? resetTarget(first, leftOutValue(second)) : resetTarget(second, third);
  if (chosen !== undefined && chosen.topic !== topic) {
    throw new StreamError('USAGE', `The topic is ${topic}, and --topic-partition says ${chosen.topic}.`);
  }
  const isQuiet = options.json === true;
  // Before anything is asked or shown: it cannot be done there.
  if (options.pause === true && options.env !== undefined) await functionsUrlOf(options);
  const { resetGroup, resetPlan } = await import('../../operations/group-reset.ts');
  const { requireInactive } = await import('../../operations/offsets.ts');
  const settings = await settingsOf(options);
  const request = { group, topic, target, partitions: chosen?.partitions };

  const planned = await resetPlan(settings, request);
  const changes = planned.steps.filter(({ from, to }) => from !== to).length;
  if (!isQuiet) show(planned);
  if (options.dryRun === true) {
    if (isQuiet) return printJson({ ...planned, changed: 0 });
    print('\nDry run: nothing was changed.');
    return printNext(asTyped({ without: ['--dry-run'] }));
  }
  if (options.pause !== true) requireInactive(planned);
  if (changes === 0) return isQuiet ? printJson({ ...planned, changed: 0 }) : print('\nNothing to change.');
  // The local stack is one's own: scripts move its groups without being asked.
  const asks = process.stdin.isTTY === true || options.env !== undefined;
  if (options.yes !== true && asks && !(await agreed(planned, changes)))
    throw new StreamError('REFUSED', 'The offsets were not changed.');

  // From here on Ctrl-C must not leave the mapping paused, or half of the offsets committed.
  interruptSignal();
  const hostUrl = options.pause === true ? await functionsUrlOf(options) : undefined;
  const done = await resetGroup(settings, request, hostUrl);
  if (isQuiet) return printJson({ ...done, changed: changes });
  print(`\n${colours.green('✓')} ${escapedName(group)} continues at the new offsets of ${topic}: ${effect(done)}.`);
  printNext(`./stream-manager.sh describe-group ${argument(group)}`);
};

/** `to-earliest` is what commander fills in where nothing was typed. */
const leftOutValue = (word: string): string | undefined => (word === 'to-earliest' ? undefined : word);

const agreed = (planned: Reset, changes: number): Promise<boolean> =>
  confirm(`\nMove ${escapedName(planned.group)} in ${counted(changes, 'partition')}?`, {
    message: 'Nothing was asked, and nothing was moved.',
  });

const effect = ({ steps }: Reset): string => {
  const { again, skipped } = resetEffect(steps);
  const parts = [
    ...(again > 0 ? [`${counted(again, 'message')} again`] : []),
    ...(skipped > 0 ? [`${counted(skipped, 'message')} skipped`] : []),
  ];
  return parts.join(', ') || 'no message again, none skipped';
};

const show = (planned: Reset): void => {
  print(`${colours.bold(escapedName(planned.group))} on ${colours.bold(planned.topic)}: ${effect(planned)}\n`);
  print(
    table(
      [
        { head: 'PARTITION', align: 'right' },
        { head: 'FROM', align: 'right' },
        { head: 'TO', align: 'right' },
        { head: 'CHANGE', align: 'right' },
        '',
      ],
      planned.steps.map(({ partition, from, to, change, note }) => [
        String(partition),
        from === null ? '-' : number(from),
        number(to),
        change === 0 ? '0' : change > 0 ? `-${number(change)}` : `+${number(-change)}`,
        note ?? '',
      ]),
    ),
  );
};
