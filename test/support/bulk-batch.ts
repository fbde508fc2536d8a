import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { type Entry, open, type ZipFile } from 'yauzl';
import { type Batch, isFinished, readBatch } from '../../handlers/bulk-qr-processing/batch-state.ts';
import { eventOf, newEventId, openPublisher } from '../../lib/events/index.ts';
import { download } from '../../lib/operations/download.ts';
import type { Settings } from '../../lib/settings.ts';
import { openObjects } from '../../lib/stores/objects.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import { scannedPng } from './qr.ts';
import { until } from './until.ts';

/** One line of the items file. */
export interface BatchItem {
  readonly id: string;
  readonly data: string;
  readonly label?: string;
}

/** What a test asks for; the rest is random or an ordinary template. */
export interface BatchRequest {
  readonly items: readonly BatchItem[];
  readonly userId?: string;
  readonly priority?: 'normal' | 'high';
  /** Fields of the template that differ from an ordinary one. */
  readonly template?: Readonly<Record<string, unknown>>;
}

/** Items whose data are in no other batch. */
export const distinctItems = (count: number): BatchItem[] => {
  const mark = newEventId();
  return Array.from({ length: count }, (_, i) => ({
    id: `item-${i + 1}`,
    data: `https://qr.example.com/${mark}/${i}`,
  }));
};

const TEMPLATE = {
  name: 'Test',
  size: 256,
  margin: 4,
  errorCorrection: 'M',
  foreground: '#000000',
  background: '#ffffff',
  formats: ['png'],
  fileName: '{id}',
};

/** Does what a service does for a user: uploads template and items, then publishes the request. Gives the batch's id. */
export const requestBatch = async (settings: Settings, request: BatchRequest): Promise<string> => {
  const { items, userId = `user-${newEventId()}`, priority = 'normal', template = {} } = request;
  const batchId = `test-${newEventId()}`;
  const templateId = `template-of-${batchId}`;
  const objects = openObjects(settings);
  const publisher = openPublisher(settings, { clientId: 'qr-test' });
  try {
    await objects.put(`templates/${templateId}.json`, JSON.stringify({ ...TEMPLATE, ...template }));
    await objects.put(`batches/${batchId}/items.ndjson`, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
    const payload = { batchId, userId, templateId, itemCount: items.length, priority };
    await publisher.publish(eventOf('bulk.qr.generation.requested', payload, { source: 'test' }));
  } finally {
    objects.close();
    await publisher.close();
  }
  return batchId;
};

/** Waits until a batch is completed or has failed. */
export const finishedBatch = async (settings: Settings, batchId: string, timeoutMs = 60_000): Promise<Batch> => {
  const redis = openRedis(settings);
  try {
    return await until(
      `batch ${batchId} is finished`,
      async () => {
        const batch = await readBatch(redis, batchId);
        return batch !== undefined && isFinished(batch) ? batch : undefined;
      },
      { timeoutMs },
    );
  } finally {
    redis.disconnect();
  }
};

/** The files of a zip in the object store, by name. */
export const zipFiles = async (settings: Settings, key: string): Promise<Map<string, Buffer>> => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-zip-'));
  try {
    const path = join(folder, 'batch.zip');
    await download(settings, key, path);
    return await unzipped(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const unzipped = async (path: string): Promise<Map<string, Buffer>> => {
  const zip = await promisify<string, { lazyEntries: boolean }, ZipFile>(open)(path, { lazyEntries: true });
  const files = new Map<string, Buffer>();
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      zip.openReadStream(entry, async (error, stream) => {
        if (error !== null) return reject(error);
        const pieces: Buffer[] = [];
        try {
          for await (const piece of stream) pieces.push(piece);
        } catch (broken) {
          return reject(broken);
        }
        files.set(entry.fileName, Buffer.concat(pieces));
        zip.readEntry();
      });
    });
    zip.once('end', () => resolve(files));
    zip.once('error', reject);
    zip.readEntry();
  });
};

/** A row of manifest.csv. */
interface ManifestRow {
  readonly id: string;
  readonly file: string;
  readonly sha256: string;
  readonly data: string;
}

export const manifestOf = (files: ReadonlyMap<string, Buffer>): ManifestRow[] =>
  parse(files.get('manifest.csv') ?? '', { columns: true });

/** What a phone would read from each PNG of a batch, by item id. The decoder is none that the project uses. */
export const decodedCodes = (files: ReadonlyMap<string, Buffer>): Map<string, string | undefined> =>
  new Map(manifestOf(files).map(({ id, file }) => [id, codeIn(files.get(file))]));

const codeIn = (png: Buffer | undefined): string | undefined => (png === undefined ? undefined : scannedPng(png));
