import type { Command } from 'commander';
import { StreamError } from '../../errors.ts';
import { suggestion } from '../../operations/nearest.ts';
import type { ReadOptions } from '../../operations/reader.ts';
import { type Condition, conditionOf, isWanted } from '../../operations/record-filter.ts';
import { collected, integer, moment, offered, oneOf } from '../arguments.ts';
import { counted } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { INTERRUPTED, interruptSignal } from '../interrupt.ts';
import { recordRow, recordRowHead } from '../record-row.ts';
import { recordText } from '../record-text.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { note, noteColours, print, printJson, printNext } from '../terminal.ts';

type Output = 'text' | 'table' | 'json';

const OUTPUTS: readonly Output[] = ['text', 'table', 'json'];

interface Options extends StackChoice {
  readonly max?: number;
  readonly untilEnd?: boolean;
  readonly follow?: boolean;
  readonly fromTime?: number;
  readonly partition?: number;
  readonly key?: string;
  readonly where?: readonly Condition[];
  readonly output?: Output;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .argument('<TOPIC>', 'the topic')
    .argument('[FROM]', 'from-beginning; only new messages without it', offered(['from-beginning']))
    .option('--from-time <WHEN>', 'from a time in ISO 8601 on, or 30m, 2h, 7d ago', moment)
    .option('--partition <N>', 'one partition only', integer(0))
    .option('--key <KEY>', 'only messages with this key')
    .option(
      '--where <CONDITION>',
      'only messages of which it holds, e.g. payload.userId=u1; also != and ~ (contains); may be repeated',
      collected(conditionOf),
    )
    .option('--max <N>', 'end after N messages', integer(1))
    .option('--until-end', 'end at the present end of the topic (from the beginning, unless a time is given)')
    .option('--follow', 'go on with new messages until Ctrl-C, as it does unless told when to end')
    .option('--output <FORM>', 'text, table or json', oneOf(OUTPUTS));
  placeFlags(jsonFlag(command)).action(run);
  examples(command, {
    'consume analytics-events from-beginning --max 5': 'the first five messages',
    'consume notifications': 'new messages, until Ctrl-C',
    'consume audit-logs --until-end --json': 'everything there is, one JSON object a line',
    'consume payment-events --from-time 2h --until-end --where payload.customerId=c-1 --output table':
      'what was said of a customer in the last two hours',
  });
};

/** @throws StreamError USAGE for words that contradict each other */
const placeOf = (from: string | undefined, options: Options): ReadOptions['from'] => {
  if (from !== undefined && from !== 'from-beginning') {
    throw new StreamError('USAGE', `"${from}" is no place to read from.`, {
      next: suggestion(from, ['from-beginning']) ?? 'Write from-beginning, or leave it out for new messages only.',
    });
  }
  const exclude = (one: string, other: string): StreamError =>
    new StreamError('USAGE', `${one} and ${other} exclude each other.`, { next: 'Leave one of them out' });
  if (from !== undefined && options.fromTime !== undefined) throw exclude('from-beginning', '--from-time');
  if (options.follow === true && options.untilEnd === true) throw exclude('--follow', '--until-end');
  if (options.fromTime !== undefined) return { time: options.fromTime };
  return from !== undefined || options.untilEnd === true ? 'beginning' : 'end';
};

const PLACES = { beginning: ' from the beginning', end: ': new messages' } as const;

const run = async (topic: string, from: string | undefined, options: Options): Promise<void> => {
  const place = placeOf(from, options);
  const output = options.json === true ? 'json' : (options.output ?? 'text');
  const { readTopic } = await import('../../operations/reader.ts');
  const { readable } = await import('../../operations/records.ts');
  const { valueDecoder } = await import('../../operations/values/decoder.ts');
  const settings = await settingsOf(options);
  const decode = valueDecoder(settings);
  const signal = interruptSignal();
  const { key, where, max, untilEnd, partition } = options;
  let isHeaded = false;

  const count = await readTopic(
    settings,
    topic,
    {
      from: place,
      signal,
      ...(max === undefined ? {} : { max }),
      ...(partition === undefined ? {} : { partition }),
      ...(untilEnd === undefined ? {} : { untilEnd }),
      onReady: () => {
        if (output === 'json' || untilEnd === true || max !== undefined) return;
        const where = typeof place === 'object' ? ` from ${new Date(place.time).toISOString()}` : PLACES[place];
        note(noteColours.dim(`Reading ${topic}${where}; Ctrl-C ends.`));
      },
    },
    async (record) => {
      const shown = await readable(record, decode);
      if (!isWanted(shown, { key, ...(where === undefined ? {} : { where }) })) return false;
      if (output === 'table' && !isHeaded) print(recordRowHead());
      isHeaded = true;
      if (output === 'json') printJson(shown);
      else print(output === 'table' ? recordRow(shown) : recordText(shown));
      return true;
    },
  );
  if (output === 'json' || process.exitCode === INTERRUPTED) return;
  note(noteColours.dim(`${counted(count, 'message')}.`));
  printNext(count === 0 ? `./stream-manager.sh describe-topic ${topic}` : `./stream-manager.sh topics`);
};
