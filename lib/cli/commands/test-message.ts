import type { Command } from 'commander';
import { headersJson } from '../arguments.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { colours, note, print, printJson, printNext } from '../terminal.ts';

interface Options extends StackChoice {
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .argument('<TOPIC>', 'the topic')
    .argument('<JSON>', 'an event, or the payload of one')
    .option('--key <KEY>', 'the record’s key (default: by the catalog’s rule)')
    .option('--headers <JSON>', 'more headers, as a JSON object', headersJson);
  placeFlags(jsonFlag(command)).action(run);
  examples(command, {
    'test-message analytics-events \'{"userId":"test","action":"scan"}\'': 'a bare payload gets an envelope',
  });
};

const run = async (topic: string, text: string, options: Options): Promise<void> => {
  const { sendTestMessage } = await import('../../operations/test-message.ts');
  const { key, headers } = options;
  const sent = await sendTestMessage(await settingsOf(options), { topic, json: text, key, headers });
  const { partition, offset, event } = sent;
  if (options.json === true) {
    return printJson({
      topic,
      partition,
      offset,
      key: sent.key,
      eventId: event?.eventId ?? null,
      eventType: event?.eventType ?? null,
    });
  }
  if (event === undefined) note(`${topic} has no event types: the JSON was sent as it stands, unchecked.`);
  const what = event === undefined ? 'The message' : `${event.eventType} ${event.eventId}`;
  print(
    `${colours.green('✓')} ${what} is on ${topic}, partition ${partition}, offset ${offset}, key ${sent.key ?? 'none'}.`,
  );
  printNext(`./stream-manager.sh consume ${topic} from-beginning`);
};
