import type { Command } from 'commander';
import { escaped } from '../../escape.ts';
import { bytes, number } from '../../format.ts';
import { dataDirFlag, jsonFlag } from '../../help.ts';
import { type StackChoice, settingsOf } from '../../stack.ts';
import { right, table } from '../../table.ts';
import { print, printJson, printNext } from '../../terminal.ts';

export const define = (command: Command): void => {
  command.description('memory of the Redis servers, and which kinds of keys it is spent on');
  dataDirFlag(jsonFlag(command)).action(run);
};

const run = async (options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const { withRedis } = await import('../../../operations/with-redis.ts');
  const { memoryOf } = await import('../../../operations/redis-streams/index.ts');
  const { servers, kinds } = await withRedis(await settingsOf(options), memoryOf);
  if (options.json === true) return printJson({ servers, ...kinds });
  print(
    table(
      ['SERVER', right('USED'), right('PEAK'), right('LIMIT'), 'AT THE LIMIT', right('FRAGMENTATION'), right('KEYS')],
      servers.map(({ port, usedBytes, peakBytes, maxBytes, policy, fragmentation, keys }) => [
        port === null ? '-' : `port ${port}`,
        size(usedBytes),
        size(peakBytes),
        maxBytes === null ? 'none' : bytes(maxBytes),
        policy ?? '-',
        fragmentation === null ? '-' : String(fragmentation),
        number(keys),
      ]),
    ),
  );
  print();
  print(
    table(
      ['KIND OF KEY', right('KEYS'), right('MEMORY')],
      kinds.kinds.map((kind) => [escaped(kind.name), number(kind.keys), size(kind.bytes)]),
    ),
  );
  const { looked, keys } = kinds;
  print(`\nBy ${looked < keys ? `a sample of ${number(looked)} of` : 'all'} ${number(keys)} keys.`);
  printNext('./stream-manager.sh redis streams');
};

const size = (count: number | null): string => (count === null ? '-' : bytes(count));
