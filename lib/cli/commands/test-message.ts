import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { messageOf, StreamError } from '../../errors.ts';
import type { SentWithFate } from '../../operations/message-fate.ts';
import type { Sent } from '../../operations/test-message.ts';
import { headers, integer } from '../arguments.ts';
import { escaped } from '../escape.ts';
import { counted, duration, number } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { INTERRUPTED, interruptSignal } from '../interrupt.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { colours, note, print, printJson, printNext } from '../terminal.ts';

interface Options extends StackChoice {
  readonly count: number;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly file?: string;
  readonly wait?: boolean;
  readonly waitSeconds: number;
  readonly json?: boolean;
}

/** More is a load, not a test. */
const MAX_COUNT = 100_000;
const WAIT_SECONDS = 60;

export const define = (command: Command): void => {
  command
    .argument('<TOPIC>', 'the topic')
    .argument('[JSON]', 'an event, or the payload of one')
    .option('--file <FILE>', 'messages from a file: JSON, a JSON list, or one a line')
    .option(
      '--count <N>',
      'each so many times (1); a payload becomes another event each time',
      integer(1, MAX_COUNT),
      1,
    )
    .option('--key <KEY>', 'the record’s key (default: by the catalog’s rule)')
    .option('--headers <NAME=VALUE>', 'one more header, or several as a JSON object; may be repeated', headers)
    .option('--wait', 'wait until the topic’s function has worked it, or given it up; exit code 1 unless worked')
    .option('--wait-seconds <N>', `how long at most (${WAIT_SECONDS})`, integer(1, 3_600), WAIT_SECONDS);
  placeFlags(jsonFlag(command)).action(run);
  examples(command, {
    'test-message analytics-events \'{"userId":"test","action":"scan"}\'': 'a bare payload gets an envelope',
    'test-message analytics-events \'{"userId":"test","action":"scan"}\' --count 100 --wait':
      'a hundred scans, and what the function did with them',
    'test-message payment-events --file events.jsonl --headers tenant=t1': 'one event a line, each with a header',
  });
};

const textsOf = async (text: string | undefined, file: string | undefined): Promise<readonly string[]> => {
  if ((text === undefined) === (file === undefined)) {
    const message = text === undefined ? 'JSON is missing.' : 'JSON and --file exclude each other.';
    throw new StreamError('USAGE', message, { next: 'Give the message as JSON, or name a file: --file FILE' });
  }
  if (text !== undefined) return [text];
  const { messagesIn } = await import('../../operations/test-message.ts');
  const contents = await readFile(file ?? '', 'utf8').catch((error: unknown) => {
    throw new StreamError('NOT_FOUND', `${file} cannot be read: ${messageOf(error)}.`, { cause: error });
  });
  return messagesIn(contents);
};

const run = async (topic: string, text: string | undefined, options: Options): Promise<void> => {
  const { sendTestMessages } = await import('../../operations/test-message.ts');
  const { awaitFates, requireConsumer } = await import('../../operations/message-fate.ts');
  const { key, count } = options;
  const texts = await textsOf(text, options.file);
  if (options.wait === true) requireConsumer(topic);
  const settings = await settingsOf(options);
  const messages = texts.flatMap((json) =>
    Array.from({ length: count }, () => ({ topic, json, key, headers: options.headers })),
  );
  const signal = interruptSignal();
  const sent = await sendTestMessages(settings, messages, signal);
  if (sent.length < messages.length) {
    note(`Stopped: ${counted(sent.length, 'message')} of ${number(messages.length)} sent, the first ones.`);
  }
  const isQuiet = options.json === true;
  if (!isQuiet) tellSent(topic, sent);
  if (options.wait !== true) {
    if (isQuiet) return printResults(sent.map(asJson));
    return printNext(`./stream-manager.sh consume ${topic} from-beginning`);
  }
  const fates = await awaitFates(settings, sent, { timeoutMs: options.waitSeconds * 1_000, signal });
  if (process.exitCode !== INTERRUPTED && fates.some(({ fate }) => fate.outcome !== 'worked')) process.exitCode = 1;
  if (isQuiet) return printResults(fates.map((each) => ({ ...asJson(each), fate: each.fate, ms: each.ms })));
  tellFates(fates, options.waitSeconds);
};

/** One message as an object, several as a list. */
const printResults = (results: readonly object[]): void => printJson(results.length === 1 ? results[0] : results);

const asJson = ({ topic, partition, offset, key, event }: Sent) => ({
  ...{ topic, partition, offset, key },
  eventId: event?.eventId ?? null,
  eventType: event?.eventType ?? null,
});

const tellSent = (topic: string, sent: readonly Sent[]): void => {
  const [first] = sent;
  if (first === undefined) {
    print('There is no message in it.');
    return;
  }
  const { event, partition, offset, key } = first;
  if (event === undefined) note(`${topic} has no event types: the JSON was sent as it stands, unchecked.`);
  if (sent.length > 1) {
    const partitions = new Set(sent.map((each) => each.partition)).size;
    print(
      `${colours.green('✓')} ${counted(sent.length, 'message')} are on ${topic}, in ${counted(partitions, 'partition')}.`,
    );
    return;
  }
  const what = event === undefined ? 'The message' : `${event.eventType} ${event.eventId}`;
  print(
    `${colours.green('✓')} ${what} is on ${topic}, partition ${partition}, offset ${offset}, key ${key ?? 'none'}.`,
  );
};

const tellFates = (fates: readonly SentWithFate[], waitSeconds: number): void => {
  const worked = fates.filter(({ fate }) => fate.outcome === 'worked');
  const slowest = Math.max(0, ...worked.map(({ ms }) => ms));
  if (worked.length > 0) {
    print(
      `${colours.green('✓')} ${counted(worked.length, 'message')} worked, seen after ${duration(slowest)} at most.`,
    );
  }
  const dead = fates.flatMap(({ fate }) => (fate.outcome === 'dead-lettered' ? [fate] : []));
  for (const { letter, code, message } of dead) {
    print(`${colours.red('✗')} dead letter ${escaped(letter)}: ${escaped(code)}: ${escaped(message)}`);
  }
  const waiting = fates.filter(({ fate }) => fate.outcome === 'waiting');
  const [first] = waiting;
  if (first !== undefined) {
    const words = `${counted(waiting.length, 'message')} neither worked nor given up after ${waitSeconds} s`;
    print(`${colours.red('✗')} ${words}, the first of partition ${first.partition}, offset ${first.offset}.`);
  }
  if (dead[0] !== undefined) printNext(`./stream-manager.sh dlq show ${dead[0].letter}`);
  else if (first !== undefined) printNext('./stream-manager.sh groups', `./stream-manager.sh logs ${first.topic}`);
};
