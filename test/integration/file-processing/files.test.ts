import jpegEncoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import encodeJpeg, { init } from '@jsquash/jpeg/encode.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../../../handlers/file-processing/images/codecs.ts';
import { PLACES } from '../../../handlers/file-processing/places.ts';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import { colourAt, pngOf, redAndBlue, withExif } from '../../support/pictures.ts';
import { testStack } from '../../support/stack.ts';
import { fileWorld } from './world.ts';

const { settings } = testStack();
const { connections, deliver, deliverWith, reasons, redis, objects, upload } = fileWorld(settings);
beforeAll(() => init(new WebAssembly.Module(jpegEncoder)));
afterAll(() => closeConnections(connections));

const DONE = { batchItemFailures: [] };
const SECRET = 'GPS 52.5200 13.4050';
const content = async (key: string): Promise<Buffer> => (await objects.get(key)) ?? Buffer.alloc(0);

describe('a picture', () => {
  it('is turned upright, made smaller and rid of what its camera wrote', async () => {
    const jpeg = withExif(Buffer.from(await encodeJpeg(redAndBlue(1_000, 400))), 6, SECRET);
    const file = await upload('image', jpeg);
    expect(await deliver(file.event)).toEqual(DONE);
    const folder = `files/${file.userId}/${file.fileId}`;
    const outputs = ['image-1600.webp', 'image-800.webp', 'image-320.webp', 'image-320.png'].map(
      (name) => `${folder}/${name}`,
    );
    expect(await file.results()).toMatchObject([
      { status: 'processed', contentType: 'image/jpeg', outputs, batchId: null },
    ]);
    expect(await file.updates()).toMatchObject([{ type: 'file.processed', status: 'processed', outputs }]);
    expect(await file.notifications()).toEqual([]);
    const sizes: number[][] = [];
    for (const key of outputs) {
      const bytes = await content(key);
      expect(bytes.includes(SECRET)).toBe(false);
      const picture = await decode(key.endsWith('png') ? 'image/png' : 'image/webp', bytes);
      sizes.push([picture.width, picture.height]);
      expect([colourAt(picture, 2, 2), colourAt(picture, 2, picture.height - 3)]).toEqual(['red', 'blue']);
    }
    expect(sizes).toEqual([
      [400, 1_000],
      [320, 800],
      [128, 320],
      [128, 320],
    ]);
  });

  it('as a logo becomes a PNG that templates can name, by its content and whatever its name', async () => {
    const file = await upload('logo', pngOf(redAndBlue(300, 300)), { fileName: 'logo.exe' });
    await deliver(file.event);
    const key = `files/${file.userId}/${file.fileId}/logo-1024.png`;
    expect(await decode('image/png', await content(key))).toMatchObject({ width: 300, height: 300 });
    const before = (await objects.head(key))?.modifiedAt;
    expect(await deliver(file.event)).toEqual(DONE);
    expect((await objects.head(key))?.modifiedAt).toBe(before);
    expect(await file.updates()).toHaveLength(1);
  });

  it('in SVG is written anew without what could run', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><rect/></svg>';
    const file = await upload('logo', svg);
    await deliver(file.event);
    expect((await content(`files/${file.userId}/${file.fileId}/picture.svg`)).toString()).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg"><rect></rect></svg>',
    );
  });
});

it('a document is passed through as it is', async () => {
  const file = await upload('document', '%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n');
  await deliver(file.event);
  expect(await file.results()).toMatchObject([
    { status: 'processed', contentType: 'application/pdf', outputs: [file.key] },
  ]);
});

describe('a file that is refused is a result, and its user is told why:', () => {
  const bomb = pngOf(redAndBlue(10, 10));
  bomb.writeUInt32BE(40_000, 16);
  bomb.writeUInt32BE(40_000, 20);
  const cases: readonly (readonly [what: string, purpose: string, content: Buffer | string, reason: string])[] = [
    [
      'a program for a picture',
      'image',
      'MZ\x90\0\x03',
      'The file is a program; upload a PNG, JPEG, WebP or SVG picture.',
    ],
    ['a picture for a table', 'csv-import', pngOf(redAndBlue(2, 2)), 'The file is a PNG picture; upload a CSV file'],
    ['a picture that would unpack to gigabytes', 'image', bomb, 'The picture has 40000 x 40000 pixels'],
    ['a broken picture', 'logo', pngOf(redAndBlue(9, 9)).subarray(0, 60), 'The picture is broken'],
    [
      'a large logo',
      'logo',
      Buffer.concat([pngOf(redAndBlue(2, 2)), Buffer.alloc(6e6)]),
      'The file has 6 MiB; 5 MiB is the limit.',
    ],
    ['a document with a script', 'document', '%PDF-1.7\n<</S/JavaScript>>\n%%EOF', 'The document holds JavaScript'],
    ['nothing', 'document', Buffer.alloc(0), 'The file is empty.'],
  ];
  for (const [what, purpose, bytes, reason] of cases) {
    it(what, async () => {
      const file = await upload(purpose, bytes);
      expect(await deliver(file.event)).toEqual(DONE);
      const [result] = await file.results();
      expect(result).toMatchObject({ status: 'rejected', outputs: [], reason: expect.stringContaining(reason) });
      expect(await file.updates()).toMatchObject([{ status: 'rejected', reason: expect.stringContaining(reason) }]);
      expect(await file.notifications()).toMatchObject([
        { template: 'file-rejected', channel: 'in-app', data: { fileName: 'mine.bin' } },
      ]);
      expect(await reasons(file.fileId)).toEqual([]);
    });
  }
});

describe('an upload that cannot be right is a dead letter:', () => {
  it('an object that is not there, an unknown purpose, a key in the folder of another user', async () => {
    const missing = await upload('image', undefined);
    const strange = await upload('video', 'x');
    const foreign = await upload('image', 'x', { key: 'uploads/somebody-else/secret.png' });
    expect(await deliver(missing.event, strange.event, foreign.event)).toEqual(DONE);
    expect(await reasons(missing.fileId)).toEqual([`The object of file ${missing.fileId} is not there.`]);
    expect(await reasons(strange.fileId)).toEqual([
      `File ${strange.fileId} was uploaded for an unknown purpose, "video"; known are csv-import, logo, image, document.`,
    ]);
    expect(await reasons(foreign.fileId)).toEqual([
      `File ${foreign.fileId} lies outside of the uploads folder of its user.`,
    ]);
    expect(await missing.updates()).toEqual([]);
  });
});

it('while the object store fails a picture waits, and nothing is said of it until it is done', async () => {
  const file = await upload('logo', pngOf(redAndBlue(20, 20)));
  const down = { ...objects, put: () => Promise.reject(new TransientError('OBJECT_STORE_UNAVAILABLE', 'down')) };
  expect((await deliverWith({ objects: down }, file.event)).batchItemFailures).toHaveLength(1);
  expect(await file.updates()).toEqual([]);
  expect(await deliver(file.event)).toEqual(DONE);
  expect(await file.updates()).toHaveLength(1);
});

it("a user's files can be erased, and nobody else's go with them", async () => {
  const [mine, other] = [await upload('logo', pngOf(redAndBlue(5, 5))), await upload('document', '%PDF-1.7\n%%EOF')];
  await deliver(mine.event, other.event);
  const stores = { redis, objects, signal: new AbortController().signal };
  const erase = () => Promise.all(PLACES.map((place) => place.erase(mine.userId, stores)));
  expect(await erase()).toEqual([1, 3]);
  expect(await erase()).toEqual([0, 0]);
  expect(await objects.head(other.key)).toBeDefined();
});
