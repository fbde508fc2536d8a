import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTopic } from '../../lib/operations/reader.ts';
import { readable } from '../../lib/operations/records.ts';
import { valueDecoder } from '../../lib/operations/values/decoder.ts';
import { openObjects } from '../../lib/stores/objects.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import {
  type BatchItem,
  distinctItems,
  finishedBatch,
  manifestOf,
  requestBatch,
  zipFiles,
} from '../support/bulk-batch.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { environmentOf, isRunning } from '../support/processes.ts';
import { scannedPng } from '../support/qr.ts';
import { randomFrom } from '../support/random.ts';
import { until } from '../support/until.ts';

/** A batch is at work while something dies under it; whatever it is, the batch comes out right. */

const ITEMS = 3_000;
const FUNCTION = 'bulk-qr-processing';
/** Of the moments of the kills: a run that failed is repeated with QR_SEED=... */
const SEED = Number(process.env.QR_SEED ?? Date.now() % 100_000);

let stack: OwnStack;
beforeAll(async () => {
  console.log(`QR_SEED=${SEED}`);
  stack = await ownStack();
  await stack.start();
});
afterAll(() => stack.dispose());

/** Processes of the function that renders, found by Lambda's own variable. */
const functionPids = (): number[] =>
  stack.children('functions').filter((pid) => environmentOf(pid).includes(`AWS_LAMBDA_FUNCTION_NAME=${FUNCTION}\0`));

/** Starts a batch, and returns when its first chunks are being rendered. */
const begunBatch = async (): Promise<{ batchId: string; items: BatchItem[] }> => {
  const items = distinctItems(ITEMS);
  const batchId = await requestBatch(stack.settings, { items });
  const redis = openRedis(stack.settings);
  await until('the batch is at work', () => redis.exists(`batch:{${batchId}}`).then((there) => there === 1), {
    everyMs: 5,
  });
  redis.disconnect();
  return { batchId, items };
};

/** What lies on a topic for a batch. */
const recordsOf = async (topic: string, batchId: string) => {
  const found: { id: string; type: string }[] = [];
  const decode = valueDecoder(stack.settings);
  await readTopic(stack.settings, topic, { from: 'beginning', untilEnd: true }, async (record) => {
    const { value, headers } = await readable(record, decode);
    // A record that Lambda gave up has the original one inside, in Base64; its key is the original key.
    if (!`${record.key} ${JSON.stringify(value)}`.includes(batchId)) return;
    found.push({ id: headers['event-id'] ?? '', type: headers['event-type'] ?? JSON.stringify(value).slice(0, 300) });
  });
  return found;
};

/** Waits for the end of a batch and looks at all that it has left. */
const expectRight = async (batchId: string, items: readonly BatchItem[]): Promise<void> => {
  const batch = await finishedBatch(stack.settings, batchId, 90_000).catch(async (late: unknown) => {
    const letters = await recordsOf('dead-letter-queue', batchId);
    throw letters.length === 0 ? late : new Error(`${letters.length} dead letters: ${letters[0]?.type}`);
  });
  expect(batch).toMatchObject({ state: 'completed', total: ITEMS, done: ITEMS, failed: 0 });

  const objects = openObjects(stack.settings);
  const zips = (await objects.list(`batches/${batchId}/`)).filter((key) => key.endsWith('.zip'));
  objects.close();
  expect(zips).toEqual([batch.zipKey]);
  const files = await zipFiles(stack.settings, batch.zipKey ?? '');
  const manifest = manifestOf(files);
  expect(manifest.map(({ id, data }) => ({ id, data }))).toEqual(items);
  expect([...files.keys()].filter((name) => name.endsWith('.png'))).toHaveLength(ITEMS);
  for (const [i, { file, sha256, data }] of manifest.entries()) {
    const png = files.get(file) ?? Buffer.alloc(0);
    expect(createHash('sha256').update(png).digest('hex')).toBe(sha256);
    if (i % 500 === 0) expect(scannedPng(png)).toBe(data);
  }

  await until('its completion is told', async () => (await recordsOf('notifications', batchId)).length > 0);
  const told = await recordsOf('notifications', batchId);
  const idsOf = (wanted: string) => new Set(told.filter(({ type }) => type === wanted).map(({ id }) => id));
  expect(idsOf('bulk.qr.generation.completed').size).toBe(1);
  expect(idsOf('bulk.qr.generation.failed').size).toBe(0);
  expect(await recordsOf('dead-letter-queue', batchId)).toEqual([]);
};

describe('a batch comes out right, once, when', () => {
  it('its functions are killed again and again at random moments', async () => {
    const random = randomFrom(SEED);
    const { batchId, items } = await begunBatch();
    let killed = 0;
    // Fewer than a record has retries: at worst all of them hit the same one.
    for (const end = Date.now() + 20_000; killed < 5 && Date.now() < end; ) {
      // The moment is the point here: nothing is awaited.
      await delay(random() * 250);
      for (const pid of functionPids().slice(0, 5 - killed)) {
        if (random() < 0.3) continue;
        process.kill(pid, 'SIGKILL');
        killed += 1;
      }
    }
    console.log(`${killed} function processes killed`);
    expect(killed).toBe(5);
    await expectRight(batchId, items);
  });

  it('Redis is killed and comes back', async () => {
    const { batchId, items } = await begunBatch();
    await stack.kill('redis');
    await stack.start();
    await expectRight(batchId, items);
  });

  it('the object store is killed and comes back', async () => {
    const { batchId, items } = await begunBatch();
    await stack.kill('aws');
    await stack.start();
    await expectRight(batchId, items);
  });

  it('the functions host is killed, which leaves no function behind, and comes back', async () => {
    const { batchId, items } = await begunBatch();
    const before = stack.children('functions');
    expect(before.length).toBeGreaterThan(0);
    await stack.kill('functions');
    await until('its functions are gone', () => !before.some(isRunning));
    await stack.start();
    await expectRight(batchId, items);
  });

  it('the broker is killed and comes back', async () => {
    const { batchId, items } = await begunBatch();
    await stack.kill('kafka');
    await stack.start();
    await expectRight(batchId, items);
  });

  it('the schema registry is away while functions that have never asked it begin', async () => {
    const { batchId, items } = await begunBatch();
    await stack.kill('schema-registry');
    for (const pid of functionPids()) process.kill(pid, 'SIGKILL');
    await stack.start();
    await expectRight(batchId, items);
  });

  it('everything is killed at once and started again', async () => {
    const { batchId, items } = await begunBatch();
    const all = [...stack.children('functions'), ...stack.processes()];
    for (const pid of stack.processes()) process.kill(pid, 'SIGKILL');
    await until('all are gone', () => !all.some(isRunning));
    await stack.start();
    await expectRight(batchId, items);
  });
});
