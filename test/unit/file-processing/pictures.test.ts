import jpegEncoder from '@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm';
import encodeJpeg, { init } from '@jsquash/jpeg/encode.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { decode, encode, resized } from '../../../handlers/file-processing/images/codecs.ts';
import { halved } from '../../../handlers/file-processing/images/halved.ts';
import { checkedHeader } from '../../../handlers/file-processing/images/header.ts';
import { upright } from '../../../handlers/file-processing/images/raster.ts';
import { colourAt, exifOf, pngOf, redAndBlue, withExif } from '../../support/pictures.ts';

beforeAll(() => init(new WebAssembly.Module(jpegEncoder)));

describe('the header of a picture', () => {
  const picture = redAndBlue(40, 20);

  it('tells its size and orientation before anything is decoded', async () => {
    const jpeg = withExif(Buffer.from(await encodeJpeg(picture)), 6, '');
    const still = { isAnimated: false, width: 40, height: 20 };
    expect(checkedHeader('image/jpeg', jpeg)).toEqual({ ...still, orientation: 6 });
    expect(checkedHeader('image/png', pngOf(picture))).toEqual({ ...still, orientation: 1 });
    expect(checkedHeader('image/webp', await encode('webp', picture))).toEqual({ ...still, orientation: 1 });
    const chunk = Buffer.concat([Buffer.from('\0\0\0\x1aeXIf'), exifOf(8), Buffer.alloc(4)]);
    const png = pngOf(picture);
    expect(checkedHeader('image/png', Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]))).toEqual({
      ...still,
      orientation: 8,
    });
  });

  it('that announces gigabytes, an animation or nonsense is refused', async () => {
    const bomb = pngOf(picture);
    bomb.writeUInt32BE(50_000, 16);
    bomb.writeUInt32BE(50_000, 20);
    expect(() => checkedHeader('image/png', bomb)).toThrow('The picture has 50000 x 50000 pixels; 25 million');
    const jpeg = Buffer.from(await encodeJpeg(picture));
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc2])) === -1 ? 0xc0 : 0xc2;
    jpeg.writeUInt16BE(65_000, jpeg.indexOf(Buffer.from([0xff, frame])) + 5);
    expect(() => checkedHeader('image/jpeg', jpeg)).toThrow('16000 on a side');
    const animated = Buffer.from('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x09\0\0\x09\0\0', 'latin1');
    expect(() => checkedHeader('image/webp', animated)).toThrow('The picture is animated');
    for (const type of ['image/png', 'image/jpeg', 'image/webp'] as const) {
      for (const length of [0, 5, 12, 20, 30]) {
        expect(() => checkedHeader(type, jpeg.subarray(0, length))).toThrow('The picture is broken');
      }
    }
  });
});

it('each of the eight orientations is turned upright', async () => {
  /** Where red is, of a picture that is red on its left as it is stored. */
  const redIs: Readonly<Record<number, string>> = {
    1: 'left',
    2: 'right',
    3: 'right',
    4: 'left',
    5: 'top',
    6: 'top',
    7: 'bottom',
    8: 'bottom',
  };
  for (const [orientation, where] of Object.entries(redIs)) {
    const turned = upright(redAndBlue(8, 4), Number(orientation));
    const { width: w, height: h } = turned;
    expect([w, h]).toEqual(Number(orientation) >= 5 ? [4, 8] : [8, 4]);
    const sides = { left: [0, 1], right: [w - 1, 1], top: [1, 0], bottom: [1, h - 1] } as const;
    const red = Object.entries(sides).filter(([, [x, y]]) => colourAt(turned, x, y) === 'red');
    expect(red.map(([side]) => side)).toContain(where);
    expect(red.length).toBeLessThan(4);
  }
});

it('a picture keeps its colours through every codec and filter', async () => {
  const picture = redAndBlue(64, 32);
  const jpeg = await decode('image/jpeg', Buffer.from(await encodeJpeg(picture, { quality: 95 })));
  const webp = await decode('image/webp', await encode('webp', picture));
  const png = await decode('image/png', await encode('png', picture));
  expect(png).toMatchObject({ width: 64, height: 32 });
  for (const each of [jpeg, webp, png, halved(picture), await resized(picture, 20, 10)]) {
    expect(colourAt(each, 1, 1)).toBe('red');
    expect(colourAt(each, each.width - 2, 1)).toBe('blue');
  }
});

it('a broken file does not harm the next one', async () => {
  const picture = redAndBlue(64, 32);
  const files = {
    'image/jpeg': Buffer.from(await encodeJpeg(picture)),
    'image/webp': await encode('webp', picture),
    'image/png': pngOf(picture),
  } as const;
  for (const type of ['image/jpeg', 'image/webp', 'image/png'] as const) {
    for (const broken of [
      files[type].subarray(0, 40),
      Buffer.concat([files[type].subarray(0, 60), Buffer.alloc(500, 1)]),
    ]) {
      await decode(type, broken).catch(() => undefined);
    }
    for (const [each, file] of [
      ['image/jpeg', files['image/jpeg']],
      ['image/webp', files['image/webp']],
      ['image/png', files['image/png']],
    ] as const) {
      expect(await decode(each, file)).toMatchObject({ width: 64, height: 32 });
    }
  }
});

it('halving does not let the colour of what is transparent shine through', () => {
  const data = new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255]);
  expect([...halved({ width: 2, height: 2, data }).data]).toEqual([255, 0, 0, 128]);
});
