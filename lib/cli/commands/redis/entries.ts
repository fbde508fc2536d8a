import type { Command } from 'commander';
import { integer, moment } from '../../arguments.ts';
import { escaped } from '../../escape.ts';
import { dataDirFlag, jsonFlag } from '../../help.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { colours, print, printJson, printNext } from '../../terminal.ts';

interface Options extends StackChoice {
  readonly max: number;
  readonly until?: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .description('entries of one Redis stream, newest first')
    .argument('<KEY>', 'the stream')
    .option('--max <N>', 'so many', integer(1, 1_000), 20)
    .option('--until <WHEN>', 'begin with those of that time: ISO 8601, or how long ago (30m, 2h, 7d)', moment)
    .option('--cursor <ID>', 'go on where an earlier call has stopped');
  dataDirFlag(jsonFlag(command)).action(run);
};

const run = async (key: string, { max, until, cursor, ...options }: Options): Promise<void> => {
  const { withRedis } = await import('../../../operations/with-redis.ts');
  const { entriesOf } = await import('../../../operations/redis-streams/index.ts');
  const place = { key, time: until, cursor, limit: max };
  const page = await withRedis(await settingsOf(options), (redis) => entriesOf(redis, place));
  if (options.json === true) return printJson(page);
  for (const { id, at, fields } of page.entries) {
    print(`${colours.bold(id)}  ${colours.dim(at ?? '')}`);
    for (const [name, value] of fields) print(`  ${colours.cyan(escaped(name))} ${escaped(value)}`);
  }
  if (page.entries.length === 0) print('No entry.');
  if (page.cursor !== null)
    return printNext(`./stream-manager.sh redis entries ${escaped(key)} --cursor ${page.cursor}`);
  printNext('./stream-manager.sh redis memory');
};
