import type { Command } from 'commander';
import { TOPIC_NAMES } from '../../catalog/index.ts';
import type { FunctionLog, Trace } from '../../operations/trace/index.ts';
import { moment } from '../arguments.ts';
import { batchBar } from '../batch-bar.ts';
import { escaped } from '../escape.ts';
import { counted } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { interruptSignal } from '../interrupt.ts';
import { type StackChoice, settingsOf, stackOf } from '../stack.ts';
import { note, noteColours, print, printJson, printNext } from '../terminal.ts';
import { traceText } from '../trace-text.ts';

interface Options extends StackChoice {
  readonly since: number;
  readonly json?: boolean;
}

const DAY_MS = 86_400_000;

export const define = (command: Command): void => {
  command
    .argument('<ID>', 'a correlationId, or the eventId of one event')
    .option('--since <WHEN>', 'look at records since a time in ISO 8601, or 30m, 2h, 7d ago; 24h unless given', moment);
  placeFlags(jsonFlag(command)).action(run);
  examples(command, {
    'trace 0190f3c2-7d1e-7c3a-9b1f-2f6c8d4e5a61': 'every event, consumer, dead letter and log line of one request',
    'trace order-4711 --since 7d --json': 'further back, for programs',
  });
  command.addHelpText('after', '\nExit code 1 when nothing names the id.');
};

const run = async (id: string, { since = Date.now() - DAY_MS, ...options }: Partial<Options>): Promise<void> => {
  const { traceOf } = await import('../../operations/trace/index.ts');
  const settings = await settingsOf(options);
  const logs = await logsOf(options);
  const signal = interruptSignal();
  let bar: ReturnType<typeof batchBar> | undefined;
  const onProgress = (looked: number, total: number): void => {
    bar ??= batchBar(total);
    bar.update(looked, 0);
  };
  const trace = await traceOf(settings, id, { since, signal, onProgress, logs }).finally(() => bar?.close());
  if (options.json === true) return printJson(trace);
  print(traceText(trace));
  note(noteColours.dim(`\n${summaryOf(trace)}`));
  const [letter] = trace.letters;
  printNext(
    ...(letter === undefined ? [] : [`./stream-manager.sh dlq show ${escaped(letter.id)}`]),
    ...(trace.isPart ? [`./stream-manager.sh trace ${escaped(trace.correlationId ?? '')}`] : []),
    './stream-manager.sh groups --lag',
  );
};

/** Logs that lie on this machine; those of an environment are in CloudWatch, which has a search of its own. */
const logsOf = async (choice: StackChoice): Promise<readonly FunctionLog[]> => {
  if (choice.env !== undefined) return [];
  const stack = await stackOf(choice);
  return Promise.all(TOPIC_NAMES.map(async (name) => ({ function: name, path: await stack.logFile(name, undefined) })));
};

const summaryOf = ({ events, letters, logs, looked, isPart, correlationId }: Trace): string =>
  `${counted(events.length, 'event')}, ${counted(letters.length, 'dead letter')}, ${counted(logs.length, 'log line')}; ${counted(looked, 'record')} looked at.${
    isPart ? ` What came of one event; all of it: ${correlationId}` : ''
  }`;
