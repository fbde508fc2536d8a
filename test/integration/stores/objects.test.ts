import { createHash, randomUUID } from 'node:crypto';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PermanentError } from '../../../lib/errors.ts';
import { EMULATED, type ObjectStore, openObjects } from '../../../lib/stores/objects.ts';
import { openRedis } from '../../../lib/stores/redis.ts';
import { appendUpdate, updatesKey } from '../../../lib/stores/updates.ts';
import { freePorts } from '../../support/ports.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
const MIB = 1024 * 1024;
let objects: ObjectStore;

beforeAll(() => {
  objects = openObjects(settings);
});
afterAll(() => objects.close());

const keyOf = (name: string): string => `test/${randomUUID()}/${name}`;

async function* mebibytes(count: number, end?: Error): AsyncGenerator<Buffer> {
  for (let i = 0; i < count; i++) yield Buffer.alloc(MIB, i);
  if (end !== undefined) throw end;
}

describe('the object store', () => {
  it('gives back what was put, whole, in part, and what is known of it', async () => {
    const key = keyOf('größe 日本+&.txt');
    await objects.put(key, 'hello world', { contentType: 'text/plain', metadata: { attempt: '1' } });
    expect((await objects.get(key))?.toString()).toBe('hello world');
    expect((await objects.getRange(key, 6, 3))?.toString()).toBe('wor');
    expect((await objects.getRange(key, -5, 5))?.toString()).toBe('world');
    expect(await objects.head(key)).toMatchObject({ bytes: 11, metadata: { attempt: '1' } });
  });

  it('says of what is not there that it is not there', async () => {
    const key = keyOf('none');
    expect(await objects.get(key)).toBeUndefined();
    expect(await objects.getRange(key, 0, 1)).toBeUndefined();
    expect(await objects.getStream(key)).toBeUndefined();
    expect(await objects.head(key)).toBeUndefined();
    expect(await objects.list(key)).toEqual([]);
    await objects.delete([key]);
    await objects.delete([]);
  });

  it('writes an object once where it is to be new, of two writers at the same moment one', async () => {
    const key = keyOf('once');
    const written = await Promise.all(['a', 'b'].map((text) => objects.putNew(key, text)));
    expect(written.filter(Boolean)).toHaveLength(1);
    const text = written[0] ? 'a' : 'b';
    expect(await objects.putNew(key, 'c')).toBe(false);
    expect((await objects.get(key))?.toString()).toBe(text);
    await objects.delete([key]);
    expect(await objects.putNew(key, 'd')).toBe(true);
  });

  it('uploads in parts what is large', async () => {
    const key = keyOf('large');
    await objects.upload(key, mebibytes(40), { metadata: { attempt: '2' } });
    const hash = createHash('sha256');
    for await (const piece of mebibytes(40)) hash.update(piece);
    const read = createHash('sha256').update((await objects.get(key)) ?? '');
    expect(read.digest('hex')).toBe(hash.digest('hex'));
    expect(await objects.head(key)).toMatchObject({ bytes: 40 * MIB, metadata: { attempt: '2' } });
    await objects.delete([key]);
  });

  it('gives the connection back when nobody reads on', async () => {
    const key = keyOf('half');
    await objects.put(key, Buffer.alloc(2 * MIB));
    // More than there are connections.
    for (let i = 0; i < 60; i++) {
      for await (const _ of (await objects.getStream(key)) ?? []) break;
    }
    expect((await objects.head(key))?.bytes).toBe(2 * MIB);
  });

  it('leaves nothing of an upload whose body fails, and the failure comes out as it is', async () => {
    const s3 = new S3Client({ ...EMULATED, endpoint: settings.awsEndpoint ?? '' });
    for (const size of [1, 40]) {
      const key = keyOf('broken');
      const error = new PermanentError('BATCH_INVALID', 'ours');
      await expect(objects.upload(key, mebibytes(size, error))).rejects.toBe(error);
      expect(await objects.head(key)).toBeUndefined();
      const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: settings.bucket }));
      expect(Uploads.filter((upload) => upload.Key === key)).toEqual([]);
    }
    s3.destroy();
  });

  it('that cannot be reached is a transient failure, for every request', async () => {
    const [port] = await freePorts(1);
    const gone = openObjects({ ...settings, awsEndpoint: `http://127.0.0.1:${port}` });
    const requests = [
      () => gone.get('a'),
      () => gone.head('a'),
      () => gone.list('a'),
      () => gone.page('a'),
      () => gone.put('a', 'b'),
      () => gone.delete(['a']),
      () => gone.upload('a', mebibytes(1)),
    ];
    for (const request of requests) {
      await expect(request()).rejects.toMatchObject({ code: 'OBJECT_STORE_UNAVAILABLE', failureClass: 'transient' });
    }
    gone.close();
  });
});

describe('the updates of a user', () => {
  it('lie on a stream of that user alone, whatever the id, and are forgotten in time', async () => {
    const redis = openRedis(settings);
    const root = randomUUID();
    for (const userId of [`${root}`, `${root}:*`, `${root} \r\nFLUSHALL\r\n`, `${root}{x}`, `${root}日本`]) {
      await appendUpdate(redis, { userId, type: 'test', id: '1', data: { text: '"\r\n' } });
      const entries = await redis.xrange(updatesKey(userId), '-', '+');
      expect(entries.map(([, fields]) => fields.slice(0, 4))).toEqual([['type', 'test', 'id', '1']]);
      expect(await redis.ttl(updatesKey(userId))).toBeGreaterThan(29 * 24 * 60 * 60);
      await redis.del(updatesKey(userId));
    }
    redis.disconnect();
  });
});
