import { Argument, type Command } from 'commander';
import { HOLD_KINDS, type HoldKind } from '../../stores/holds.ts';
import { future, oneOf } from '../arguments.ts';
import { escaped } from '../escape.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { interruptSignal } from '../interrupt.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { table } from '../table.ts';
import { colours, print, printJson, printNext } from '../terminal.ts';

export const define = (command: Command): void => {
  const kind = (): Argument => new Argument('<KIND>', 'user or prefix').argParser(oneOf(HOLD_KINDS));
  const subject = ['<SUBJECT>', 'a user id, or a prefix of object keys'] as const;
  const add = command.command('add').description('keep data from being deleted');
  add
    .addArgument(kind())
    .argument(...subject)
    .requiredOption('--reason <TEXT>', 'why, e.g. the number of a case')
    .option('--until <ISO>', 'until when; without it until the hold is removed', future);
  placeFlags(jsonFlag(add)).action(runAdd);
  const remove = command.command('remove').description('lift a hold');
  placeFlags(jsonFlag(remove.addArgument(kind()).argument(...subject))).action(runRemove);
  placeFlags(jsonFlag(command.command('list').description('all holds'))).action(runList);
  examples(command, {
    'hold add user user-42 --reason "case 2026-17"': 'neither sweeps nor an erasure delete what is this user’s',
    'hold add prefix batches/ --reason audit --until 2027-01-31T00:00:00Z': 'no sweep deletes objects under it',
    'hold remove user user-42': 'an erasure that was put off happens within a day',
    'hold list': 'what is held, why and until when',
  });
};

interface Options extends StackChoice {
  readonly json?: boolean;
}

interface AddOptions extends Options {
  readonly reason: string;
  readonly until?: string;
}

const runAdd = async (kind: HoldKind, subject: string, options: AddOptions): Promise<void> => {
  const { addHold } = await import('../../operations/holds.ts');
  const { reason, until } = options;
  const hold = {
    ...{ kind, subject, reason, since: new Date().toISOString() },
    ...(until === undefined ? {} : { until }),
  };
  interruptSignal();
  await addHold(await settingsOf(options), hold);
  if (options.json === true) return printJson(hold);
  print(`${colours.green('✓')} ${kind} ${escaped(subject)} is held${until === undefined ? '' : ` until ${until}`}.`);
  printNext('./stream-manager.sh hold list');
};

const runRemove = async (kind: HoldKind, subject: string, options: Options): Promise<void> => {
  const { removeHold } = await import('../../operations/holds.ts');
  // Ctrl-C waits: a hold that is lifted and not remembered in the audit log could not be remembered later.
  interruptSignal();
  await removeHold(await settingsOf(options), { kind, subject });
  if (options.json === true) return printJson({ kind, subject });
  print(`${colours.green('✓')} ${kind} ${escaped(subject)} is no longer held.`);
  printNext('./stream-manager.sh hold list');
};

const runList = async (options: Options): Promise<void> => {
  const { showHolds } = await import('../../operations/holds.ts');
  const holds = await showHolds(await settingsOf(options));
  if (options.json === true) return printJson(holds);
  if (holds.length === 0) return print('Nothing is held.');
  print(
    table(
      ['KIND', 'SUBJECT', 'IN FORCE', 'SINCE', 'UNTIL', 'REASON'],
      holds.map(({ kind, subject, inForce, since, until, reason }) => [
        kind,
        escaped(subject),
        inForce ? 'yes' : 'no',
        since,
        until ?? 'removed',
        escaped(reason),
      ]),
    ),
  );
};
