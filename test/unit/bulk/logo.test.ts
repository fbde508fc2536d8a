import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, it, vi } from 'vitest';
import { flatten, logoPlace, parseLogo } from '../../../handlers/bulk-qr-processing/render/logo.ts';
import { PNG_END, pngChunk } from '../../../handlers/bulk-qr-processing/render/png.ts';
import { rendererOf } from '../../../handlers/bulk-qr-processing/render/renderer.ts';
import { parseTemplate } from '../../../handlers/bulk-qr-processing/template.ts';
import { PermanentError } from '../../../lib/errors.ts';
import { scannedPng } from '../../support/qr.ts';

// Pictures are read pixel by pixel; a busy machine may take its time.
vi.setConfig({ testTimeout: 30_000 });

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

interface Raw {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly type: number;
  readonly rows: Uint8Array;
  readonly interlaced?: boolean;
  readonly before?: readonly Buffer[];
}

/** A PNG of given rows, filter bytes included. */
const png = ({ width, height, depth, type, rows, interlaced = false, before = [] }: Raw): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([SIGNATURE, pngChunk('IHDR', header), ...before, pngChunk('IDAT', deflateSync(rows)), PNG_END]);
};

const pixels = (file: Uint8Array): number[][] => {
  const { rgba } = parseLogo(file);
  return Array.from({ length: rgba.length / 4 }, (_, i) => [...rgba.subarray(i * 4, i * 4 + 4)]);
};

const RED = [255, 0, 0, 255];
const BLUE = [0, 0, 255, 255];

describe('a logo', () => {
  const CASES: readonly [what: string, file: Uint8Array, expected: number[][]][] = [
    [
      '8-bit grey',
      png({ width: 2, height: 1, depth: 8, type: 0, rows: Uint8Array.of(0, 0, 200) }),
      [
        [0, 0, 0, 255],
        [200, 200, 200, 255],
      ],
    ],
    [
      '1-bit grey',
      png({ width: 2, height: 1, depth: 1, type: 0, rows: Uint8Array.of(0, 0b0100_0000) }),
      [
        [0, 0, 0, 255],
        [255, 255, 255, 255],
      ],
    ],
    [
      '4-bit grey',
      png({ width: 3, height: 1, depth: 4, type: 0, rows: Uint8Array.of(0, 0xf0, 0x30) }),
      [
        [255, 255, 255, 255],
        [0, 0, 0, 255],
        [51, 51, 51, 255],
      ],
    ],
    [
      'grey with alpha',
      png({ width: 1, height: 1, depth: 8, type: 4, rows: Uint8Array.of(0, 9, 128) }),
      [[9, 9, 9, 128]],
    ],
    [
      'truecolour',
      png({ width: 2, height: 1, depth: 8, type: 2, rows: Uint8Array.of(0, 255, 0, 0, 0, 0, 255) }),
      [RED, BLUE],
    ],
    [
      '16-bit truecolour with alpha',
      png({ width: 1, height: 1, depth: 16, type: 6, rows: Uint8Array.of(0, 255, 255, 0, 0, 0, 0, 128, 0) }),
      [[255, 0, 0, 128]],
    ],
    [
      '2-bit palette with transparency',
      png({
        width: 2,
        height: 1,
        depth: 2,
        type: 3,
        rows: Uint8Array.of(0, 0b0001_0000),
        before: [pngChunk('PLTE', Uint8Array.of(255, 0, 0, 0, 0, 255)), pngChunk('tRNS', Uint8Array.of(255, 77))],
      }),
      [RED, [0, 0, 255, 77]],
    ],
    [
      'one colour that stands for transparent',
      png({
        width: 3,
        height: 1,
        depth: 8,
        type: 2,
        rows: Uint8Array.of(0, 255, 0, 0, 0, 0, 255, 0, 0, 255),
        before: [pngChunk('tRNS', Uint8Array.of(0, 255, 0, 0, 0, 0))],
      }),
      [[255, 0, 0, 0], BLUE, BLUE],
    ],
    // Of 2 x 2 pixels Adam7 sends (0,0), then (1,0), then the second row.
    [
      'interlaced',
      png({
        width: 2,
        height: 2,
        depth: 8,
        type: 2,
        interlaced: true,
        rows: Uint8Array.of(0, ...RED.slice(0, 3), 0, ...BLUE.slice(0, 3), 0, ...BLUE.slice(0, 3), ...RED.slice(0, 3)),
      }),
      [RED, BLUE, BLUE, RED],
    ],
  ];

  it.each(CASES)('in %s is read as it is', (_, file, expected) => {
    expect(pixels(file)).toEqual(expected);
  });

  it.each([
    ['no PNG', Buffer.from('GIF89a'.padEnd(100)), /is not a PNG file/],
    ['nothing', Buffer.alloc(0), /is not a PNG file/],
    [
      'huge by its header',
      png({ width: 60_000, height: 60_000, depth: 8, type: 6, rows: Uint8Array.of(0) }),
      /larger than 4096 px/,
    ],
    ['empty', png({ width: 0, height: 5, depth: 8, type: 0, rows: Uint8Array.of(0) }), /broken PNG/],
    [
      'larger inside than its header says',
      png({ width: 2, height: 2, depth: 8, type: 0, rows: new Uint8Array(50_000_000) }),
      /broken PNG/,
    ],
    [
      'smaller inside than its header says',
      png({ width: 9, height: 9, depth: 8, type: 2, rows: Uint8Array.of(0, 1) }),
      /broken PNG/,
    ],
    ['of an unknown kind', png({ width: 1, height: 1, depth: 8, type: 5, rows: Uint8Array.of(0, 1) }), /broken PNG/],
    ['without its palette', png({ width: 1, height: 1, depth: 8, type: 3, rows: Uint8Array.of(0, 1) }), /broken PNG/],
  ])('that is %s is refused', (_, file, message) => {
    expect(() => parseLogo(file)).toThrow(message);
    expect(() => parseLogo(file)).toThrow(PermanentError);
  });

  it('that is damaged anywhere, or cut off, is refused or still a picture of its size, and nothing worse', () => {
    const file = Buffer.from(
      encode({ width: 8, height: 8, channels: 4, depth: 8, data: new Uint8Array(256).fill(99) }),
    );
    const damage = fc.record({
      at: fc.nat({ max: file.length - 1 }),
      value: fc.nat({ max: 255 }),
      end: fc.nat({ max: file.length }),
    });
    fc.assert(
      fc.property(damage, ({ at, value, end }) => {
        const broken = Buffer.from(file);
        broken[at] = value;
        for (const bytes of [broken, file.subarray(0, end)]) {
          try {
            expect(parseLogo(bytes)).toMatchObject({ width: 8, height: 8 });
          } catch (error) {
            expect(error).toBeInstanceOf(PermanentError);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is not unpacked where it hides its size in text or a profile', () => {
    const bomb = Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(30_000_000))]);
    const before = [pngChunk('iCCP', bomb), pngChunk('zTXt', bomb)];
    const begun = process.memoryUsage().arrayBuffers;
    expect(pixels(png({ width: 1, height: 1, depth: 8, type: 0, rows: Uint8Array.of(0, 7), before }))).toEqual([
      [7, 7, 7, 255],
    ]);
    expect(process.memoryUsage().arrayBuffers - begun).toBeLessThan(10_000_000);
  });
});

describe('a code with a logo', () => {
  const picture = parseLogo(
    encode({
      width: 40,
      height: 30,
      channels: 4,
      depth: 8,
      data: Uint8Array.from({ length: 4_800 }, (_, i) => (i % 4 === 3 ? 200 : (i * 7) % 256)),
    }),
  );

  it('reads back to its data at every share and size, the shortest data included', () => {
    // From one character on, which alone would make the smallest symbol.
    const data = fc.integer({ min: 1, max: 150 }).map((length) => 'https://example.com/'.repeat(8).slice(0, length));
    const look = fc.record({
      share: fc.double({ min: 0.05, max: 0.25, noNaN: true }),
      scale: fc.integer({ min: 3, max: 5 }),
    });
    fc.assert(
      fc.property(data, look, (text, { share, scale }) => {
        const template = parseTemplate(JSON.stringify({ size: 100 * scale, logo: { key: 'l', share } }), 't');
        const [image] = rendererOf(template, picture)(text);
        expect(scannedPng(image?.bytes ?? Buffer.alloc(0))).toBe(text);
      }),
      { numRuns: 25, seed: 4 },
    );
  });

  it('clears whole modules around the logo, in the middle, and never more than H can spare', () => {
    for (let size = 29; size <= 177; size += 4) {
      for (const share of [0.05, 0.2, 0.25]) {
        const place = logoPlace(size, share);
        expect(place.clearFrom * 2 + place.clear).toBe(size);
        expect(Number.isInteger(place.clearFrom)).toBe(true);
        expect(place.from - place.clearFrom).toBeGreaterThanOrEqual(0.5);
        expect(place.clear ** 2 / size ** 2).toBeLessThan(0.15);
      }
    }
  });

  it('keeps its proportions on the ground', () => {
    const wide = parseLogo(encode({ width: 4, height: 2, channels: 3, depth: 8, data: new Uint8Array(24) }));
    const flat = flatten(wide, 4, { hex: '#ffffff', rgb: [255, 255, 255] });
    const rows = Array.from({ length: 4 }, (_, y) => flat[y * 12]);
    expect(rows).toEqual([255, 0, 0, 255]);
  });
});
