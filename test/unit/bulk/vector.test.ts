import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { parseLogo } from '../../../handlers/bulk-qr-processing/render/logo.ts';
import { rendererOf } from '../../../handlers/bulk-qr-processing/render/renderer.ts';
import { type QrSymbol, symbolOf } from '../../../handlers/bulk-qr-processing/render/symbol.ts';
import { type Format, parseTemplate, type Template } from '../../../handlers/bulk-qr-processing/template.ts';
import { scanned } from '../../support/qr.ts';

const template = (fields: object): Template => parseTemplate(JSON.stringify(fields), 't');
const data = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 120 })
  .filter((text) => !/\p{Surrogate}/u.test(text));
const logo = parseLogo(
  encode({ width: 2, height: 2, channels: 3, depth: 8, data: Uint8Array.from({ length: 12 }, () => 80) }),
);

const imageOf = (look: Template, text: string, format: Format, picture?: typeof logo): Buffer => {
  const image = rendererOf(look, picture)(text).find((one) => one.format === format);
  if (image === undefined) throw new Error(`no ${format}`);
  return image.bytes;
};

/** Modules that runs `[x, y, length]` paint. */
const painted = (size: number, runs: Iterable<readonly number[]>): Uint8Array => {
  const modules = new Uint8Array(size * size);
  for (const [x = 0, y = 0, length = 0] of runs) modules.fill(1, y * size + x, y * size + x + length);
  return modules;
};

const numbersIn = (text: string, pattern: RegExp): number[][] =>
  [...text.matchAll(pattern)].map((match) => match.slice(1).map(Number));

const expectScans = ({ size, modules }: QrSymbol, text: string): void => {
  const [scale, margin] = [4, 4];
  const px = (size + 2 * margin) * scale;
  const rgba = new Uint8ClampedArray(px * px * 4).fill(255);
  for (let y = 0; y < size * scale; y++) {
    for (let x = 0; x < size * scale; x++) {
      if (modules[Math.floor(y / scale) * size + Math.floor(x / scale)] !== 1) continue;
      rgba.fill(
        0,
        ((y + margin * scale) * px + x + margin * scale) * 4,
        ((y + margin * scale) * px + x + margin * scale) * 4 + 3,
      );
    }
  }
  expect(scanned({ width: px, height: px, data: rgba })).toBe(text);
};

describe('an SVG', () => {
  it('draws the very modules of the symbol', () => {
    fc.assert(
      fc.property(data, fc.nat({ max: 8 }), (text, margin) => {
        const symbol = symbolOf(text, 'M');
        const svg = imageOf(template({ formats: ['svg'], margin }), text, 'svg').toString();
        const runs = numbersIn(svg, /M(\d+) (\d+)h(\d+)v1h-\3z/g).map(([x = 0, y = 0, length = 0]) => [
          x - margin,
          y - margin,
          length,
        ]);
        expect(svg).toContain(`viewBox="0 0 ${symbol.size + 2 * margin} ${symbol.size + 2 * margin}"`);
        const modules = painted(symbol.size, runs);
        expect(modules).toEqual(symbol.modules);
        expectScans({ size: symbol.size, modules }, text);
      }),
      { numRuns: 30 },
    );
  });

  it('carries colours and the logo and nothing of the data as text', () => {
    const look = template({ formats: ['svg'], foreground: '#003', logo: { key: 'l' } });
    const svg = imageOf(look, '<script>&"', 'svg', logo).toString();
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="512" height="512"/);
    expect(svg).toContain('fill="#000033"');
    expect(svg).toContain('href="data:image/png;base64,');
    expect(svg).not.toContain('script');
  });
});

/** The objects of a PDF by its cross-reference table; every offset must be that of its object. */
const objectsOf = (pdf: Buffer): Buffer[] => {
  const text = pdf.toString('latin1');
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
  const table = /^xref\n0 (\d+)\n((?:\d{10} \d{5} [fn] \n)+)trailer\n<< \/Size (\d+) \/Root 1 0 R >>\n/.exec(
    text.slice(start),
  );
  if (table === null) throw new Error('no cross-reference table where startxref points');
  const entries = (table[2] ?? '').match(/.{20}/gs) ?? [];
  expect(entries).toHaveLength(Number(table[1]));
  expect(table[3]).toBe(table[1]);
  const offsets = entries.slice(1).map((entry) => Number(entry.slice(0, 10)));
  return offsets.map((offset, i) => {
    const object = pdf.subarray(offset, offsets[i + 1] ?? start);
    expect(object.toString('latin1')).toMatch(new RegExp(`^${i + 1} 0 obj\n[^]*\nendobj\n$`));
    return object;
  });
};

const streamOf = (object: Buffer | undefined): Buffer => {
  const text = object?.toString('latin1') ?? '';
  const length = Number(/\/Length (\d+) >>/.exec(text)?.[1]);
  const start = text.indexOf('\nstream\n') + 8;
  expect(text.slice(start + length)).toBe('\nendstream\nendobj\n');
  return inflateSync(object?.subarray(start, start + length) ?? Buffer.alloc(0));
};

describe('a PDF', () => {
  it('is well formed and draws the very modules of the symbol', () => {
    fc.assert(
      fc.property(data, fc.nat({ max: 8 }), fc.integer({ min: 64, max: 4_096 }), (text, margin, size) => {
        const symbol = symbolOf(text, 'M');
        const pdf = imageOf(template({ formats: ['pdf'], margin, size }), text, 'pdf');
        expect(pdf.toString('latin1', 0, 9)).toBe('%PDF-1.4\n');
        const objects = objectsOf(pdf);
        expect(objects[2]?.toString()).toContain(`/MediaBox [0 0 ${size} ${size}]`);
        const content = streamOf(objects[3]).toString('latin1');
        const [, drawing = ''] = content.split(' cm\n');
        expect(painted(symbol.size, numbersIn(drawing, /^(\d+) (\d+) (\d+) 1 re$/gm))).toEqual(symbol.modules);
      }),
      { numRuns: 30 },
    );
  });

  it('has the logo as an image of as many bytes as it says', () => {
    const pdf = imageOf(template({ formats: ['pdf'], logo: { key: 'l' } }), 'x', 'pdf', logo);
    const image = objectsOf(pdf)[4];
    const [width = 0, height = 0] =
      numbersIn(image?.toString('latin1') ?? '', /\/Width (\d+) \/Height (\d+)/g)[0] ?? [];
    expect(streamOf(image).length).toBe(width * height * 3);
  });
});
