import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Batch } from '../../handlers/bulk-qr-processing/batch-state.ts';
import { demoItems } from '../../lib/operations/demo-items.ts';
import { openObjects } from '../../lib/stores/objects.ts';
import { openRedis, type Redis } from '../../lib/stores/redis.ts';
import { finishedBatch, manifestOf, zipFiles } from '../support/bulk-batch.ts';
import { cliWith, linesOf } from '../support/cli.ts';
import { scannedPng } from '../support/qr.ts';
import { testStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const { dataDir, settings } = testStack();
const cli = cliWith({ QR_DATA_DIR: dataDir });

const ITEMS = 300;
let redis: Redis;
let demo: { readonly batchId: string; readonly zip: string };

interface Line {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: { readonly payload: Readonly<Record<string, unknown>> };
}

/** The records of a topic whose payload names the batch, read by the command line. */
const recordsOf = async (topic: string, batchId: string): Promise<Line[]> => {
  const { out } = await cli.run('consume', topic, '--until-end', '--json');
  return linesOf(out)
    .map((line): Line => JSON.parse(line))
    .filter(({ value }) => value.payload.batchId === batchId);
};

beforeAll(() => {
  redis = openRedis(settings);
});
afterAll(() => redis.disconnect());

it('demo ends with a line of JSON and a zip whose codes say what the items say', async () => {
  const { code, out } = await cli.npm('demo', '--items', String(ITEMS), '--json');
  expect(code).toBe(0);
  const line = linesOf(out).at(-1) ?? '';
  expect(line.endsWith(`"items":${ITEMS},"failed":0}`)).toBe(true);
  const result: typeof demo & { readonly zipBytes: number } = JSON.parse(line);
  expect(result).toMatchObject({ status: 'completed', images: ITEMS });
  demo = result;

  const { zipKey = '' } = await cli.json<Batch>('batch', result.batchId);
  const objects = openObjects(settings);
  const [stored, onDisk] = await Promise.all([objects.get(zipKey), readFile(result.zip)]);
  objects.close();
  expect(stored?.equals(onDisk)).toBe(true);
  expect(onDisk).toHaveLength(result.zipBytes);

  const files = await zipFiles(settings, zipKey);
  const manifest = manifestOf(files);
  const items = linesOf(demoItems(result.batchId, ITEMS)).map((text): { id: string; data: string } => JSON.parse(text));
  expect(manifest.map(({ id, data }) => ({ id, data }))).toEqual(items);
  expect([...files.keys()].filter((name) => name.endsWith('.png')).sort()).toEqual(
    manifest.map(({ file }) => file).sort(),
  );
  for (const [i, { file, sha256, data }] of manifest.entries()) {
    const png = files.get(file);
    expect(
      createHash('sha256')
        .update(png ?? '')
        .digest('hex'),
    ).toBe(sha256);
    // Every tenth: the decoder takes its time, and all are rendered alike.
    if (i % 10 === 0) expect(scannedPng(png ?? Buffer.alloc(0))).toBe(data);
  }
});

it('batch tells how a batch ended, to people and programs', async () => {
  const { batchId } = demo;
  const [json, told, unknown] = await Promise.all([
    cli.json<Batch>('batch', batchId),
    cli.run('batch', batchId),
    cli.run('batch', 'no-such-batch', '--json'),
  ]);
  expect(json).toMatchObject({ batchId, state: 'completed', total: ITEMS, done: ITEMS, failed: 0 });
  expect(told.out).toMatch(/^State +completed$/m);
  expect(unknown).toMatchObject({ code: 1, out: '' });
  expect(unknown.err).toContain('No batch is known as no-such-batch.');
});

it('the completion of a batch is on notifications, caused by its request', async () => {
  const { batchId } = demo;
  const [requests, news] = await Promise.all([
    recordsOf('bulk-qr-processing', batchId),
    recordsOf('notifications', batchId),
  ]);
  const request = requests.find(({ headers }) => headers['event-type'] === 'bulk.qr.generation.requested');
  expect(request).toMatchObject({ key: batchId, value: { payload: { itemCount: ITEMS, priority: 'normal' } } });
  // What users are told because of it is there as well.
  const completions = news.filter(({ headers }) => headers['event-type'] === 'bulk.qr.generation.completed');
  expect(new Set(completions.map(({ headers }) => headers['event-id'])).size).toBe(1);
  expect(completions[0]).toMatchObject({
    headers: {
      'event-type': 'bulk.qr.generation.completed',
      'correlation-id': request?.headers['correlation-id'],
    },
    value: { payload: { batchId, status: 'completed', succeeded: ITEMS, failed: 0 } },
  });
});

it('Ctrl-C during a demo ends it with 130 and says how to follow the batch, which completes by itself', async () => {
  const known = new Set(await redis.keys('batch:*'));
  const running = cli.begin('demo', '--items', '6000');
  await until('the batch is at work', async () => (await redis.keys('batch:*')).some((key) => !known.has(key)));
  running.child.kill('SIGINT');
  const { code, out, err } = await running.ended;
  expect({ code, out }).toEqual({ code: 130, out: '' });
  const batchId = /\.\/stream-manager\.sh batch (?:--data-dir \S+ )?(\S+)/.exec(err)?.[1] ?? '';
  expect(await finishedBatch(settings, batchId)).toMatchObject({ state: 'completed', done: 6_000, failed: 0 });
});

it('demo refuses what it cannot do', async () => {
  const calls: readonly (readonly [words: readonly string[], sentence: string])[] = [
    [['--items', '0'], '--items cannot be "0". It must be a whole number from 1 to 250000.'],
    [['--formats', 'gif'], 'It must be one or more of png, svg, pdf.'],
  ];
  const said = await Promise.all(calls.map(([words]) => cli.run('demo', ...words)));
  for (const [i, [, sentence]] of calls.entries()) {
    expect(said[i]).toMatchObject({ code: 2, out: '', err: expect.stringContaining(sentence) });
  }
});
