import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBatch } from '../../../handlers/bulk-qr-processing/batch-state.ts';
import { objectKeys } from '../../../handlers/bulk-qr-processing/keys.ts';
import { HEADER, headerText, openPublisher, type Publisher } from '../../../lib/events/index.ts';
import { type LogRecord, readTopic } from '../../../lib/operations/reader.ts';
import { scannedPng } from '../../support/qr.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';
import { type Lay, lay, openWorld, type World, zipOfBatch } from './world.ts';

const { settings } = testStack();
let world: World;
let publisher: Publisher;

beforeAll(async () => {
  world = await openWorld(settings);
  publisher = openPublisher(settings);
});
afterAll(async () => {
  world.close();
  await publisher.close();
});

/** Publishes the request of a batch and waits for the functions to end it. */
const worked = async (given: Lay) => {
  const laid = await lay(world, given);
  await publisher.publish(laid.event);
  const batch = await until('the batch has ended', async () => {
    const found = await readBatch(world.redis, laid.batchId);
    return found !== undefined && /^(completed|failed)/.test(found.state) ? found : undefined;
  });
  return { ...laid, batch };
};

const recordsWith = async (topic: 'notifications' | 'dead-letter-queue', text: string): Promise<LogRecord[]> => {
  const found: LogRecord[] = [];
  await readTopic(settings, topic, { from: 'beginning', untilEnd: true }, (record) => {
    if (record.value?.includes(text) === true) found.push(record);
  });
  return found;
};

describe('a batch through Kafka and the functions', () => {
  it('of 2,000 codes becomes one zip whose codes read back, and is told of once', async () => {
    const url = (i: number): string => `https://qr.example.com/${String(i).padStart(37, 'x')}`;
    const items = Array.from({ length: 2_000 }, (_, i) => `{"id":"${i}","data":"${url(i)}"}`).join('\n');
    const { batch, batchId } = await worked({ template: { size: 512 }, items, itemCount: 2_000 });
    expect(batch).toMatchObject({ state: 'completed', done: 2_000, failed: 0, chunks: 5, chunksDone: 5 });
    const files = await zipOfBatch(world, batchId);
    expect(files.size).toBe(2_001);
    for (let i = 0; i < 2_000; i += 199) {
      expect(scannedPng(files.get(`codes/${i}.png`) ?? Buffer.alloc(0))).toBe(url(i));
    }
    const told = await until('the notification is out', async () => {
      const news = await recordsWith('notifications', batchId);
      // What the user is told because of it is there as well.
      const records = news.filter(
        ({ headers }) => headerText(headers, HEADER.eventType) === 'bulk.qr.generation.completed',
      );
      return records.length > 0 ? records : undefined;
    });
    expect(told).toHaveLength(1);
    await until(
      'nothing is left in the bucket',
      async () => (await world.objects.list(objectKeys(batchId).work)).length === 0,
    );
  });

  it('of CSV, in all formats and with a logo, completes', async () => {
    const logo = encode({ width: 30, height: 30, channels: 4, depth: 8, data: new Uint8Array(3_600).fill(90) });
    const key = `logos/${Math.random()}.png`;
    await world.objects.put(key, logo);
    const { batch, batchId } = await worked({
      template: {
        size: 256,
        formats: ['png', 'svg', 'pdf'],
        foreground: '#102a6b',
        logo: { key },
        fileName: '{label}',
      },
      csv: '\uFEFFid;data;label\r\n1;https://example.com/1;Tür\r\n2;https://example.com/2;Tür\r\n',
      itemCount: 2,
    });
    expect(batch).toMatchObject({ state: 'completed', done: 2, failed: 0 });
    const files = await zipOfBatch(world, batchId);
    expect([...files.keys()].sort()).toEqual(
      [
        ...['Tür', 'Tür-2'].flatMap((stem) => ['pdf', 'png', 'svg'].map((end) => `codes/${stem}.${end}`)),
        'manifest.csv',
      ].sort(),
    );
    expect(scannedPng(files.get('codes/Tür-2.png') ?? Buffer.alloc(0))).toBe('https://example.com/2');
    expect(files.get('codes/Tür.pdf')?.toString('latin1', 0, 5)).toBe('%PDF-');
    expect(files.get('codes/Tür.svg')?.toString()).toContain('data:image/png;base64,');
  });

  it('without its items fails with the reason, and its request lies on the dead-letter queue', async () => {
    const { batch, batchId } = await worked({ template: {}, itemCount: 2 });
    expect(batch).toMatchObject({ state: 'failed', code: 'BATCH_INVALID', reason: expect.stringMatching(/no items/) });
    const [letter] = await until('the dead letter is there', async () => {
      const records = await recordsWith('dead-letter-queue', batchId);
      return records.length > 0 ? records : undefined;
    });
    const headers = new Map(letter?.headers.map(([name, value]) => [name, value.toString()]));
    expect(headers.get('dlq-error-code')).toBe('BATCH_INVALID');
    expect(headers.get('dlq-error-message')).toBe(batch.reason);
    // Put back as it was, after the items have come.
    await world.objects.put(objectKeys(batchId).itemsCsv, 'id,data\n1,a\n2,b\n');
    const { key = null, value = null, headers: original = [] } = letter ?? {};
    await publisher.publishRaw([{ topic: 'bulk-qr-processing', key, value, headers: original }]);
    const again = await until('the batch has completed', async () => {
      const found = await readBatch(world.redis, batchId);
      return found?.state === 'completed' ? found : undefined;
    });
    expect(again).toMatchObject({ done: 2, failed: 0 });
  });
});
