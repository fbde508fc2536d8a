import { crc32, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { decode } from 'fast-png';
import { describe, expect, it, vi } from 'vitest';
import { parseColour } from '../../../handlers/bulk-qr-processing/colour.ts';
import { type Geometry, geometryOf } from '../../../handlers/bulk-qr-processing/render/geometry.ts';
import { canonicalCodes, codeLengths } from '../../../handlers/bulk-qr-processing/render/huffman.ts';
import { pngRenderer } from '../../../handlers/bulk-qr-processing/render/png.ts';
import { rowCodeOf } from '../../../handlers/bulk-qr-processing/render/row-code.ts';
import { deflateRows } from '../../../handlers/bulk-qr-processing/render/row-deflate.ts';
import { CAPACITY, type QrSymbol, symbolOf } from '../../../handlers/bulk-qr-processing/render/symbol.ts';
import { ERROR_CORRECTIONS } from '../../../handlers/bulk-qr-processing/template.ts';
import { scannedPng } from '../../support/qr.ts';

// Scanning takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const colour = (hex: string) => parseColour(hex) ?? { hex: '#000000', rgb: [0, 0, 0] as const };
const BLACK = colour('#000');
const WHITE = colour('#fff');

const sound = (text: string): boolean => text !== '' && !/\p{Surrogate}/u.test(text);
const data = fc.oneof(
  fc.webUrl({ withQueryParameters: true }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }).filter(sound),
  fc.stringMatching(/^[0-9]{1,300}$/),
  fc.stringMatching(/^[0-9A-Z $%*+./:-]{1,200}$/),
  fc.integer({ min: 1, max: 600 }).map((length) => 'long:'.repeat(240).slice(0, length)),
);
const level = fc.constantFrom(...ERROR_CORRECTIONS);

/** Chunks of a PNG, each CRC computed anew. */
const chunksOf = (png: Buffer): Map<string, Buffer> => {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4));
    at += 12 + length;
  }
  return chunks;
};

/** The rows of the image as PNG filters see them, painted pixel by pixel. */
const rowsOf = (symbol: QrSymbol, { px, scale, offset, modules }: Geometry): Buffer => {
  const stride = Math.ceil(px / 8) + 1;
  const rows = Buffer.alloc(stride * px, 0xff);
  for (let y = 0; y < px; y++) {
    rows[y * stride] = 0;
    for (let x = 0; x < px; x++) {
      const [mx, my] = [Math.floor((x - offset) / scale), Math.floor((y - offset) / scale)];
      if (mx < 0 || my < 0 || mx >= modules || my >= modules || symbol.modules[my * modules + mx] !== 1) continue;
      const at = y * stride + 1 + (x >> 3);
      rows[at] = (rows[at] ?? 0) & ~(0x80 >> (x & 7));
    }
  }
  return rows;
};

describe('a PNG', () => {
  it('reads back to its data, whatever the data, level, size, margin and colours', () => {
    const look = fc.record({
      scale: fc.integer({ min: 3, max: 6 }),
      slack: fc.nat({ max: 20 }),
      margin: fc.integer({ min: 2, max: 6 }),
      colours: fc.constantFrom([BLACK, WHITE], [colour('#123a7b'), colour('#ffe9c9')], [
        colour('#700'),
        WHITE,
      ] as const),
    });
    fc.assert(
      fc.property(data, level, look, (text, ecc, { scale, slack, margin, colours }) => {
        const symbol = symbolOf(text, ecc);
        const px = (symbol.size + 2 * margin) * scale + slack;
        const [foreground = BLACK, background = WHITE] = colours;
        const png = pngRenderer({ px, margin, foreground, background })(symbol);
        expect(scannedPng(png)).toBe(text);
      }),
      // A seed, because the scanner has dense symbols it cannot find; what is drawn is proven for all of them below.
      { numRuns: 60, seed: 1 },
    );
  });

  it('is what an independent decoder takes, with every CRC right and one bit a pixel', () => {
    for (const [foreground, type] of [
      [BLACK, 0],
      [colour('#123'), 3],
    ] as const) {
      const png = pngRenderer({ px: 301, margin: 4, foreground, background: WHITE })(symbolOf('x', 'M'));
      const chunks = chunksOf(png);
      expect([...chunks.keys()]).toEqual(type === 0 ? ['IHDR', 'IDAT', 'IEND'] : ['IHDR', 'PLTE', 'IDAT', 'IEND']);
      expect([...(chunks.get('IHDR') ?? [])].slice(8)).toEqual([1, type, 0, 0, 0]);
      expect(decode(png, { checkCrc: true })).toMatchObject({ width: 301, height: 301, depth: 1 });
    }
  });

  it('is the same bytes in every process: nothing seen before changes it', () => {
    const style = { px: 512, margin: 4, foreground: BLACK, background: WHITE };
    const first = pngRenderer(style)(symbolOf('one', 'M'));
    pngRenderer(style)(symbolOf('another', 'H'));
    expect(pngRenderer(style)(symbolOf('one', 'M'))).toEqual(first);
  });

  it('of modules under two pixels is refused with a size that would do', () => {
    const symbol = symbolOf('x'.repeat(1_000), 'M');
    const needed = (symbol.size + 8) * 2;
    expect(() => geometryOf(64, symbol.size, 4)).toThrow(`use a size of ${needed} px or more, or shorter data`);
    expect(geometryOf(needed, symbol.size, 4).scale).toBe(2);
  });
});

describe('the compressed rows', () => {
  it('inflate with zlib, checksum and all, to the image painted pixel by pixel', () => {
    const version = fc.integer({ min: 0, max: 39 }).map((number) => 21 + 4 * number);
    fc.assert(
      fc.property(
        version,
        fc.integer({ min: 2, max: 7 }),
        fc.nat({ max: 40 }),
        fc.integer(),
        (size, scale, rest, seed) => {
          let state = seed;
          const modules = Uint8Array.from({ length: size * size }, () => {
            state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
            return (state >>> 16) & 1;
          });
          const geometry = { px: size * scale + rest, modules: size, scale, offset: Math.floor(rest / 2) };
          const symbol = { size, modules };
          expect(inflateSync(deflateRows(symbol, rowCodeOf(geometry))).equals(rowsOf(symbol, geometry))).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('of all light and all dark symbols inflate as well', () => {
    for (const value of [0, 1]) {
      const symbol = { size: 177, modules: new Uint8Array(177 * 177).fill(value) };
      const geometry = geometryOf(4_096, 177, 0);
      expect(inflateSync(deflateRows(symbol, rowCodeOf(geometry))).equals(rowsOf(symbol, geometry))).toBe(true);
    }
  });
});

describe('a Huffman code', () => {
  it('is complete, prefix-free, within its limit, and shorter for what is frequent', () => {
    const weights = fc.array(fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 1_000_000 })), {
      minLength: 2,
      maxLength: 286,
    });
    fc.assert(
      fc.property(weights, fc.constantFrom(9, 15), (list, longest) => {
        fc.pre(list.filter((weight) => weight > 0).length >= 2);
        const lengths = codeLengths(list, longest);
        expect(lengths.reduce((sum, bits) => sum + (bits === 0 ? 0 : 2 ** -bits), 0)).toBe(1);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(longest);
        expect(lengths.map((bits) => bits > 0)).toEqual(list.map((weight) => weight > 0));
        const words = [...canonicalCodes(lengths)].map((code, i) =>
          code
            .toString(2)
            .padStart(lengths[i] ?? 0, '0')
            .split('')
            .reverse()
            .join(''),
        );
        const used = words.filter((_, i) => (lengths[i] ?? 0) > 0).sort();
        for (let i = 1; i < used.length; i++) expect(used[i]?.startsWith(used[i - 1] ?? '')).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

describe('data that does not fit', () => {
  const samples = { digits: '7', characters: 'A', bytes: 'x' };
  const cases = ERROR_CORRECTIONS.flatMap((ecc) => CAPACITY.map(({ unit, most }) => [ecc, most[ecc], unit] as const));

  it.each(cases)('at level %s is what has more than %i %s, and is refused in these words', (ecc, most, unit) => {
    const sample = samples[unit];
    expect(symbolOf(sample.repeat(most), ecc).size).toBe(177);
    expect(() => symbolOf(sample.repeat(most + 1), ecc)).toThrow(
      `the data is too long for a QR code: ${most + 1} ${unit}, and level ${ecc} holds ${most} at most`,
    );
  });

  it('counts bytes, not characters, where there are others than ASCII', () => {
    expect(() => symbolOf('ü'.repeat(1_500), 'L')).toThrow('3000 bytes, and level L holds 2953');
  });
});
