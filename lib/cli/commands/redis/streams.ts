import type { Command } from 'commander';
import { escaped } from '../../escape.ts';
import { bytes, counted, number } from '../../format.ts';
import { dataDirFlag, jsonFlag } from '../../help.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { right, table } from '../../table.ts';
import { print, printJson, printNext } from '../../terminal.ts';

interface Options extends StackChoice {
  readonly match?: string;
  readonly cursor?: string;
  readonly json?: boolean;
}

export const define = (command: Command): void => {
  command
    .description('Redis streams with entries, groups and memory; stops after 20,000 keys, and says so')
    .option('--match <TEXT>', 'those with this in their keys; of a user, by the id')
    .option('--cursor <PLACE>', 'go on where an earlier call has stopped');
  dataDirFlag(jsonFlag(command)).action(run);
};

const run = async ({ match, cursor, ...options }: Options): Promise<void> => {
  const { withRedis } = await import('../../../operations/with-redis.ts');
  const { listStreams } = await import('../../../operations/redis-streams/index.ts');
  const page = await withRedis(await settingsOf(options), (redis) => listStreams(redis, { match, cursor }));
  if (options.json === true) return printJson(page);
  const { streams } = page;
  if (streams.length > 0) {
    print(
      table(
        ['STREAM', right('ENTRIES'), 'FIRST', 'LAST', right('GROUPS'), right('MEMORY')],
        streams.map(({ key, entries, firstAt, lastAt, groups, bytes: size }) => [
          escaped(key),
          number(entries),
          firstAt ?? '-',
          lastAt ?? '-',
          String(groups),
          size === null ? '-' : bytes(size),
        ]),
      ),
    );
    print();
  }
  const looked = page.cursor === null ? `all ${number(page.keys)}` : `${number(page.looked)} of ${number(page.keys)}`;
  print(`${counted(streams.length, 'stream')} among ${looked} keys.`);
  const more = match === undefined ? '' : ` --match ${escaped(match)}`;
  printNext(
    ...(page.cursor === null ? [] : [`./stream-manager.sh redis streams${more} --cursor ${page.cursor}`]),
    `./stream-manager.sh redis entries ${escaped(streams[0]?.key ?? 'KEY')}`,
  );
};
