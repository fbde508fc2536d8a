import type { Command } from 'commander';
import { type Batch, isFinished, readBatch } from '../../../handlers/bulk-qr-processing/batch-state.ts';
import { StreamError } from '../../errors.ts';
import type { Settings } from '../../settings.ts';
import { batchBar } from '../batch-bar.ts';
import { bytes, counted, number } from '../format.ts';
import { examples, jsonFlag, placeFlags } from '../help.ts';
import { interruptSignal } from '../interrupt.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { stateOf } from '../states.ts';
import { table } from '../table.ts';
import { print, printJson, printNext } from '../terminal.ts';

export const define = (command: Command): void => {
  command
    .argument('<ID>', 'the batchId')
    .option('--watch', 'wait until it has ended, with its progress; exit code 1 when it failed');
  placeFlags(jsonFlag(command)).action(run);
  examples(command, {
    'batch demo-0190f3': 'how far it is, or how it ended',
    'batch demo-0190f3 --watch': 'the same, live, until it has ended',
    'batch demo-0190f3 --json': 'for programs',
  });
};

const run = async (
  batchId: string,
  options: StackChoice & { readonly watch?: boolean; readonly json?: boolean },
): Promise<void> => {
  const { withRedis } = await import('../../operations/with-redis.ts');
  const settings = await settingsOf(options);
  const found = await withRedis(settings, (redis) => readBatch(redis, batchId));
  const batch = options.watch === true && found !== undefined ? await watched(settings, found) : found;
  if (options.watch === true && batch?.state === 'failed') process.exitCode = 1;
  if (batch === undefined) {
    throw new StreamError('NOT_FOUND', `No batch is known as ${batchId}.`, {
      next: 'A batch is known once its request was handled, and for 30 days after its end',
    });
  }
  if (options.json === true) return printJson(batch);
  print(table(['', ''], rowsOf(batch)).trimStart());
  printNext('./stream-manager.sh logs bulk-qr-processing');
};

/**
 * Follows a batch until it has ended, or Ctrl-C. The user's updates say when there is something to look at; the state is read
 * from the batch itself, also when no update has come for a while.
 */
const watched = async (settings: Settings, batch: Batch): Promise<Batch> => {
  const { openRedis } = await import('../../stores/redis.ts');
  const { updatesOf } = await import('../../operations/updates-feed.ts');
  const redis = openRedis(settings);
  const bar = batchBar(batch.total);
  const updates = updatesOf(settings, batch.userId, interruptSignal());
  let last = batch;
  try {
    // The first read settles from where on updates are seen; what happened before that is in the state.
    const first = updates.next();
    last = (await readBatch(redis, batch.batchId)) ?? last;
    bar.update(last.done + last.failed, last.failed);
    if (isFinished(last)) return last;
    for (let next = await first; next.done !== true; next = await updates.next()) {
      if (next.value !== undefined && next.value.data.batchId !== batch.batchId) continue;
      last = (await readBatch(redis, batch.batchId)) ?? last;
      bar.update(last.done + last.failed, last.failed);
      if (isFinished(last)) return last;
    }
    return last;
  } finally {
    bar.close();
    redis.disconnect();
    void updates.return(undefined);
  }
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
