import type { Command } from 'commander';
import { type Batch, readBatch } from '../../../handlers/bulk-qr-processing/batch-state.ts';
import { StreamError } from '../../errors.ts';
import { redisSilent } from '../../operations/unreachable.ts';
import { bytes, counted, number } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { stateOf } from '../states.ts';
import { table } from '../table.ts';
import { print, printJson, printNext } from '../terminal.ts';

export const define = (command: Command): void => {
  command.argument('<ID>', 'the batchId');
  placeFlags(jsonFlag(command)).action(run);
  examples(command, {
    'batch demo-0190f3': 'how far it is, or how it ended',
    'batch demo-0190f3 --json': 'for programs',
  });
};

const run = async (batchId: string, options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const { openRedis } = await import('../../stores/redis.ts');
  const settings = await settingsOf(options);
  const redis = openRedis(settings);
  const batch = await readBatch(redis, batchId)
    .catch((error: unknown) => {
      throw redisSilent(settings, error);
    })
    .finally(() => redis.disconnect());
  if (batch === undefined) {
    throw new StreamError('NOT_FOUND', `No batch is known as ${batchId}.`, {
      next: 'A batch is known once its request was handled, and for 30 days after its end',
    });
  }
  if (options.json === true) return printJson(batch);
  print(table(['', ''], rowsOf(batch)).trimStart());
  printNext('./stream-manager.sh logs bulk-qr-processing');
};

const rowsOf = (batch: Batch): [string, string][] => {
  const rows: [string, string | undefined][] = [
    ['Batch', batch.batchId],
    ['User', batch.userId],
    ['State', stateOf(batch.state)],
    ['Priority', batch.priority],
    ['Items', `${number(batch.done)} done, ${number(batch.failed)} failed, of ${number(batch.total)}`],
    ['Chunks', batch.chunks === 0 ? undefined : `${batch.chunksDone} of ${counted(batch.chunks, 'chunk')}`],
    ['Requested', batch.requestedAt],
    ['Completed', batch.completedAt],
    ['Failed', batch.failedAt],
    ['Zip', batch.zipKey === undefined ? undefined : `${batch.zipKey} (${bytes(batch.zipBytes ?? 0)})`],
    ['Reason', batch.reason],
  ];
  return rows.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
};
