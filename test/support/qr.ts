import { convertIndexedToRgb, decode } from 'fast-png';
import jsqr from 'jsqr';

/** A picture as jsqr takes it. */
export interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Reads a PNG of any colour type that the renderer writes, its CRCs checked. */
export const rgbaOf = (bytes: Uint8Array): Rgba => {
  const png = decode(bytes, { checkCrc: true });
  const { width, height, depth } = png;
  const pixels = width * height;
  const rgba = new Uint8ClampedArray(pixels * 4).fill(255);
  const isPacked = png.palette === undefined && depth < 8;
  const rgb = png.palette === undefined ? png.data : convertIndexedToRgb(png);
  const samples = rgb.length / pixels;
  const perRow = Math.ceil((width * depth) / 8);
  for (let i = 0; i < pixels; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    for (let c = 0; c < 3; c++) {
      const packed = ((png.data[y * perRow + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1;
      rgba[i * 4 + c] = isPacked ? packed * 255 : (rgb[i * samples + (samples < 3 ? 0 : c)] ?? 0);
    }
  }
  return { width, height, data: rgba };
};

/** What a scanner reads from the picture: the bytes of the code as UTF-8. Undefined when it reads nothing. */
export const scanned = ({ data, width, height }: Rgba): string | undefined => {
  // jsqr is CommonJS with a default export: under Node's ESM the function lies one level deeper.
  const scan = typeof jsqr === 'function' ? jsqr : jsqr.default;
  const code = scan(data, width, height, { inversionAttempts: 'dontInvert' });
  return code === null ? undefined : Buffer.from(code.binaryData).toString('utf8');
};

export const scannedPng = (bytes: Uint8Array): string | undefined => scanned(rgbaOf(bytes));
