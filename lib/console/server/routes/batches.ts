import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { type Batch, readBatch } from '../../../../handlers/bulk-qr-processing/batch-state.ts';
import { idFault } from '../../../batches/keys.ts';
import { StreamError } from '../../../errors.ts';
import { prepareBatch } from '../../../operations/demo-batch.ts';
import { DEMO_FORMATS, DEMO_LIMITS } from '../../../operations/demo-items.ts';
import { withRedis } from '../../../operations/with-redis.ts';
import { firstFilesOf } from '../../../operations/zip-preview.ts';
import type { Settings } from '../../../settings.ts';
import { openObjects } from '../../../stores/objects.ts';
import { nameIn } from '../../path-step.ts';
import { followBatches } from '../batches/feed.ts';
import type { ConsoleContext } from '../context.ts';
import { InputError } from '../failure.ts';
import { bodyOf } from '../input.ts';
import type { ShownCode } from './batches-types.ts';

const SHOWN_CODES = 12;
const PICTURES: Readonly<Record<string, string>> = { png: 'image/png', svg: 'image/svg+xml' };

const typeOf = (name: string): string | undefined => PICTURES[name.slice(name.lastIndexOf('.') + 1)];

/** `/api/batches`: what is new as it happens, one, some of its codes, its zip, and a demo batch to be made. */
export const batchRoutes = ({ stack }: ConsoleContext): Hono =>
  new Hono()
    .get('/live', async (c) => {
      const { settings } = await stack();
      c.header('cache-control', 'no-store');
      return streamSSE(c, async (stream) => {
        const ended = new AbortController();
        stream.onAbort(() => ended.abort());
        const tell = (batches: readonly Batch[]) =>
          void stream.writeSSE({ event: 'batches', data: JSON.stringify(batches) });
        await followBatches(settings, tell, ended.signal);
      });
    })
    .get('/:id', async (c) => c.json(await batchOf((await stack()).settings, nameIn(c.req.param('id')))))
    .get('/:id/codes', async (c) => {
      const { settings } = await stack();
      const zip = zipOf(await batchOf(settings, nameIn(c.req.param('id'))));
      const files = await firstFilesOf(settings, zip, (name) => typeOf(name) !== undefined, SHOWN_CODES);
      const codes: readonly ShownCode[] = files.map(({ name, content }) => ({
        name,
        url: `data:${typeOf(name)};base64,${content.toString('base64')}`,
      }));
      return c.json(codes);
    })
    .get('/:id/zip', async (c) => {
      const { settings } = await stack();
      const id = nameIn(c.req.param('id'));
      const { key, bytes } = zipOf(await batchOf(settings, id));
      const objects = openObjects(settings);
      const pieces = await objects.getStream(key);
      if (pieces === undefined) throw new StreamError('NOT_FOUND', `The zip of ${id} is gone.`);
      const body = Readable.from(pieces);
      body.once('close', () => objects.close());
      c.header('content-type', 'application/zip');
      c.header('content-length', String(bytes));
      c.header('content-disposition', `attachment; filename="${id.replaceAll(/[^\w.-]/g, '_')}.zip"`);
      return c.body(streamOf(body));
    })
    .post('/', async (c) => {
      const body = await bodyOf(c);
      const items = body.whole('items', { min: 1, max: DEMO_LIMITS.items });
      const format = body.oneOf('format', DEMO_FORMATS, 'png');
      const priority = body.oneOf('priority', ['normal', 'high'], 'normal');
      const batchId = `demo-${randomUUID()}`;
      const batch = { batchId, userId: 'demo', items, formats: [format], priority };
      const prepared = await prepareBatch((await stack()).settings, batch);
      await prepared.publish().finally(() => prepared.close());
      return c.json({ batchId }, 201);
    });

/** @throws InputError for what is no id; StreamError NOT_FOUND, REDIS_UNAVAILABLE */
const batchOf = async (settings: Settings, id: string): Promise<Batch> => {
  const fault = idFault('id', id);
  if (fault !== undefined) throw new InputError('id', `${fault}.`);
  const batch = await withRedis(settings, (redis) => readBatch(redis, id));
  if (batch !== undefined) return batch;
  throw new StreamError('NOT_FOUND', `No batch is known as ${id}.`, {
    next: 'A batch is known once its request was handled, and for 30 days after its end',
  });
};

/** @throws StreamError NOT_FOUND for a batch that is not finished, or has failed */
const zipOf = ({ batchId, zipKey, zipBytes }: Batch): { readonly key: string; readonly bytes: number } => {
  if (zipKey !== undefined && zipBytes !== undefined) return { key: zipKey, bytes: zipBytes };
  throw new StreamError('NOT_FOUND', `Batch ${batchId} has no zip.`, { next: 'It has one once it is completed' });
};

const streamOf = (body: Readable): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => {
      body.on('data', (piece: Uint8Array) => {
        controller.enqueue(new Uint8Array(piece));
        // Whoever takes it slowly is waited for: a zip does not fit into memory.
        if ((controller.desiredSize ?? 0) <= 0) body.pause();
      });
      body.once('end', () => controller.close());
      body.once('error', (error) => controller.error(error));
    },
    pull: () => {
      body.resume();
    },
    cancel: () => {
      body.destroy();
    },
  });
