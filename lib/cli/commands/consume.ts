import type { Command } from 'commander';
import { StreamError } from '../../errors.ts';
import { suggestion } from '../../operations/nearest.ts';
import { integer } from '../arguments.ts';
import { counted } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { INTERRUPTED, interruptSignal } from '../interrupt.ts';
import { recordText } from '../record-text.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { note, noteColours, print, printJson, printNext } from '../terminal.ts';

interface Options extends StackChoice {
  readonly max?: number;
  readonly untilEnd?: boolean;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .argument('<TOPIC>', 'the topic')
    .argument('[FROM]', 'from-beginning; only new messages without it')
    .option('--max <N>', 'end after N messages', integer(1))
    .option('--until-end', 'end at the present end of the topic (implies from-beginning)');
  placeFlags(jsonFlag(command)).action(run);
  examples(command, {
    'consume analytics-events from-beginning --max 5': 'the first five messages',
    'consume notifications': 'new messages, until Ctrl-C',
    'consume audit-logs --until-end --json': 'everything there is, one JSON object a line',
  });
};

const run = async (topic: string, from: string | undefined, options: Options): Promise<void> => {
  if (from !== undefined && from !== 'from-beginning') {
    throw new StreamError('USAGE', `"${from}" is no place to read from.`, {
      next: suggestion(from, ['from-beginning']) ?? 'Write from-beginning, or leave it out for new messages only.',
    });
  }
  const { readTopic } = await import('../../operations/reader.ts');
  const { readable } = await import('../../operations/records.ts');
  const { avroDecoder } = await import('../../operations/avro-decoder.ts');
  const settings = await settingsOf(options);
  const decode = avroDecoder(settings);
  const signal = interruptSignal();
  const fromBeginning = from !== undefined || options.untilEnd === true;

  const count = await readTopic(
    settings,
    topic,
    {
      from: fromBeginning ? 'beginning' : 'end',
      signal,
      ...(options.max === undefined ? {} : { max: options.max }),
      ...(options.untilEnd === undefined ? {} : { untilEnd: options.untilEnd }),
      onReady: () => {
        if (options.json !== true && options.untilEnd !== true && options.max === undefined)
          note(
            noteColours.dim(
              `Reading ${topic}${fromBeginning ? ' from the beginning' : ': new messages'}; Ctrl-C ends.`,
            ),
          );
      },
    },
    async (record) => {
      const shown = await readable(record, decode);
      if (options.json === true) printJson(shown);
      else print(recordText(shown));
    },
  );
  if (options.json === true || process.exitCode === INTERRUPTED) return;
  note(noteColours.dim(`${counted(count, 'message')}.`));
  printNext(count === 0 ? `./stream-manager.sh describe-topic ${topic}` : `./stream-manager.sh topics`);
};
