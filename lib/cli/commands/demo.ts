import { join } from 'node:path';
import type { Command } from 'commander';
import { type Batch, isFinished, readBatch } from '../../../handlers/bulk-qr-processing/batch-state.ts';
import { StreamError } from '../../errors.ts';
import type { Stack } from '../../local/stack.ts';
import { DEMO_FORMATS, DEMO_LIMITS, type DemoFormat } from '../../operations/demo-items.ts';
import { integer, listOf, oneOf } from '../arguments.ts';
import { batchBar } from '../batch-bar.ts';
import { broughtUp } from '../brought-up.ts';
import { bytes, number } from '../format.ts';
import { examples, jsonFlag } from '../help.ts';
import { INTERRUPTED, interruptSignal } from '../interrupt.ts';
import type { StartChoice } from '../stack.ts';
import { colours, note, noteColours, print, printJson, printNext } from '../terminal.ts';
import { startFlags } from './start.ts';

interface Options extends StartChoice {
  readonly items: number;
  readonly formats: DemoFormat[];
  readonly priority: 'normal' | 'high';
  readonly json?: boolean;
}

const USER = 'demo-user';
/** A batch from which nothing is heard for so long is stuck. */
const STALLED_MS = 120_000;

export const define = (command: Command): void => {
  command
    .option('--items <N>', 'how many codes', integer(1, DEMO_LIMITS.items), 10_000)
    .option('--formats <LIST>', `of ${DEMO_FORMATS.join(', ')}, separated by commas`, listOf(DEMO_FORMATS), ['png'])
    .option('--priority <PRIORITY>', 'normal or high', oneOf(['normal', 'high'] as const), 'normal');
  startFlags(jsonFlag(command)).action(run);
  examples(command, {
    demo: '10,000 codes',
    'demo --items 100 --formats png,svg,pdf': 'a smaller batch, each code in three formats',
    'demo --items 10000 --json': 'the result as one line of JSON',
  });
};

const run = async (options: Options): Promise<void> => {
  const { newEventId } = await import('../../events/index.ts');
  const stack = await broughtUp(options);
  const batchId = `demo-${newEventId()}`;
  const { batch, seconds } = await ran(stack, batchId, options);
  if (batch === undefined) {
    process.exitCode = INTERRUPTED;
    note('\nThe batch goes on by itself.');
    printNext(`./stream-manager.sh batch ${batchId}`);
    return;
  }
  if (batch.state === 'failed' || batch.zipKey === undefined) {
    throw new StreamError('BATCH_INVALID', `The batch failed: ${batch.reason ?? 'nobody said why'}.`, {
      next: `See ./stream-manager.sh batch ${batchId}`,
    });
  }
  const { download, zipEntries } = await import('../../operations/download.ts');
  const zip = join(stack.paths.demo, `${batchId}.zip`);
  await download(stack.settings, batch.zipKey, zip);
  const images = (await zipEntries(zip)).filter((name) => name.startsWith('codes/')).length;
  if (images !== batch.done * options.formats.length) {
    throw new StreamError(
      'SERVICE_FAILED',
      `The zip has ${images} images instead of ${batch.done * options.formats.length}.`,
    );
  }
  report({ batch, seconds, zip, images }, options);
};

/** Runs the batch; without one when Ctrl-C ended the waiting. Seconds are from before the publish to the end of the batch. */
const ran = async (
  { settings }: Stack,
  batchId: string,
  { items, formats, priority }: Options,
): Promise<{ readonly batch: Batch | undefined; readonly seconds: number }> => {
  const { prepareBatch } = await import('../../operations/demo-batch.ts');
  const { updatesOf } = await import('../../operations/updates-feed.ts');
  const { openRedis } = await import('../../stores/redis.ts');
  note(`Uploading ${number(items)} items ...`);
  const prepared = await prepareBatch(settings, { batchId, userId: USER, items, formats, priority });
  const redis = openRedis(settings);
  const signal = interruptSignal();
  const updates = updatesOf(settings, USER, signal);
  const bar = batchBar(items);
  try {
    const begun = performance.now();
    // The first read settles from where on updates are seen; only then is there something to see.
    const first = updates.next();
    await prepared.publish();
    let heard = performance.now();
    let last = '';
    for (let next = await first; next.done !== true; next = await updates.next()) {
      if (next.value !== undefined && next.value.data.batchId !== batchId) continue;
      const batch = await readBatch(redis, batchId);
      const now = `${batch?.state} ${batch?.done} ${batch?.failed}`;
      if (now !== last) heard = performance.now();
      last = now;
      if (batch !== undefined) {
        bar.update(batch.done + batch.failed, batch.failed);
        if (isFinished(batch)) return { batch, seconds: (performance.now() - begun) / 1_000 };
      }
      if (performance.now() - heard > STALLED_MS) {
        throw new StreamError('TIMED_OUT', `Nothing has been heard of the batch for ${STALLED_MS / 1_000} s.`, {
          next: 'See ./stream-manager.sh health and ./stream-manager.sh logs bulk-qr-processing',
        });
      }
    }
    return { batch: undefined, seconds: 0 };
  } finally {
    bar.close();
    await updates.return(undefined);
    redis.disconnect();
    await prepared.close();
  }
};

interface Result {
  readonly batch: Batch;
  readonly seconds: number;
  readonly zip: string;
  readonly images: number;
}

const report = ({ batch, seconds, zip, images }: Result, options: Options): void => {
  const { batchId, state: status, zipBytes = 0, done, failed } = batch;
  const codesPerSecond = Math.round(done / seconds);
  if (options.json === true) {
    const rounded = Math.round(seconds * 1_000) / 1_000;
    // Scripts look for `"items":N,"failed":N` at the end.
    printJson({
      batchId,
      status,
      zip,
      zipBytes,
      images,
      seconds: rounded,
      codesPerSecond,
      items: batch.total,
      failed,
    });
    return;
  }
  print(
    `${colours.green('✓')} ${number(done)} QR codes in ${seconds.toFixed(2)} s: ${number(codesPerSecond)} a second, from publish to finished zip.`,
  );
  if (failed > 0) print(`  ${number(failed)} items could not be encoded; errors.csv in the zip says why.`);
  print(`  ${zip} ${noteColours.dim(`(${bytes(zipBytes)})`)}`);
  printNext(
    `./stream-manager.sh batch ${batchId}`,
    './stream-manager.sh consume notifications from-beginning --max 1',
    './stream-manager.sh demo --items 50000 --priority high',
  );
};
