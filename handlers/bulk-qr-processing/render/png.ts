import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Colour } from '../colour.ts';
import { type Geometry, geometryOf } from './geometry.ts';
import { type RowCode, rowCodeOf } from './row-code.ts';
import { deflateRows } from './row-deflate.ts';
import type { QrSymbol } from './symbol.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const GREYSCALE = 0;
export const TRUECOLOUR = 2;
const INDEXED = 3;

/** PNG 1.2, section 3.2: length, type, data, CRC of type and data. */
export const pngChunk = (type: string, data: Uint8Array): Buffer => {
  const chunk = Buffer.allocUnsafe(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
};

/** Signature and header of a square image. */
export const pngHead = (px: number, depth: number, colourType: number): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(px, 0);
  header.writeUInt32BE(px, 4);
  header[8] = depth;
  header[9] = colourType;
  return Buffer.concat([SIGNATURE, pngChunk('IHDR', header)]);
};

export const PNG_END: Buffer = pngChunk('IEND', new Uint8Array(0));

/** Geometries a process meets are few: one a template and symbol size. */
const codes = new LRUCache<string, RowCode>({ max: 200 });

const codeFor = (geometry: Geometry): RowCode => {
  const name = `${geometry.px}/${geometry.modules}/${geometry.scale}/${geometry.offset}`;
  const known = codes.get(name);
  if (known !== undefined) return known;
  const code = rowCodeOf(geometry);
  codes.set(name, code);
  return code;
};

/** Settings of the plain raster image. */
export interface PngStyle {
  readonly px: number;
  /** Quiet zone, modules. */
  readonly margin: number;
  readonly foreground: Colour;
  readonly background: Colour;
}

/**
 * Renders symbols as PNG with one bit a pixel: greyscale for black on white, else a palette of two colours.
 *
 * @throws ItemError (the returned function) when the symbol is too fine for the size
 */
export const pngRenderer = ({ px, margin, foreground, background }: PngStyle): ((symbol: QrSymbol) => Buffer) => {
  const plain = foreground.hex === '#000000' && background.hex === '#ffffff';
  const head = plain
    ? pngHead(px, 1, GREYSCALE)
    : Buffer.concat([
        pngHead(px, 1, INDEXED),
        pngChunk('PLTE', Uint8Array.from([...foreground.rgb, ...background.rgb])),
      ]);
  return (symbol) => {
    const data = deflateRows(symbol, codeFor(geometryOf(px, symbol.size, margin)));
    const image = Buffer.allocUnsafe(head.length + 12 + data.length + PNG_END.length);
    head.copy(image);
    image.writeUInt32BE(data.length, head.length);
    image.write('IDAT', head.length + 4, 'latin1');
    image.set(data, head.length + 8);
    const end = head.length + 8 + data.length;
    image.writeUInt32BE(crc32(image.subarray(head.length + 4, end)), end);
    PNG_END.copy(image, end + 4);
    return image;
  };
};
