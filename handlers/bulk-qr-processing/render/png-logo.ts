import { deflateSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { type Geometry, geometryOf } from './geometry.ts';
import { flatten, type LogoPlace, logoPlace, type Picture } from './logo.ts';
import { PNG_END, type PngStyle, pngChunk, pngHead, TRUECOLOUR } from './png.ts';
import type { QrSymbol } from './symbol.ts';

const FILTER_UP = 2;
/** Bytes of patches kept, one a symbol size. */
const PATCH_BYTES = 32 * 1024 * 1024;

/** The cleared square with the logo in it, as it lies on every image of one geometry. */
interface Patch {
  readonly from: number;
  readonly px: number;
  readonly rgb: Uint8Array;
}

const patchOf = (geometry: Geometry, place: LogoPlace, picture: Picture, style: PngStyle): Patch => {
  const px = place.clear * geometry.scale;
  const from = geometry.offset + place.clearFrom * geometry.scale;
  const rgb = new Uint8Array(px * px * 3);
  for (let i = 0; i < rgb.length; i++) rgb[i] = style.background.rgb[i % 3] ?? 0;
  const side = Math.max(1, Math.round(place.side * geometry.scale));
  const logo = flatten(picture, side, style.background);
  const inset = Math.floor((px - side) / 2);
  for (let y = 0; y < side; y++) {
    rgb.set(logo.subarray(y * side * 3, (y + 1) * side * 3), ((y + inset) * px + inset) * 3);
  }
  return { from, px, rgb };
};

/**
 * Renders symbols as truecolour PNG with a logo in the middle.
 *
 * @param share the logo's share of the symbol's width
 * @throws ItemError (the returned function) when the symbol is too fine for the size
 */
export const logoPngRenderer = (style: PngStyle, picture: Picture, share: number): ((symbol: QrSymbol) => Buffer) => {
  const head = pngHead(style.px, 8, TRUECOLOUR);
  const patches = new LRUCache<number, Patch>({ maxSize: PATCH_BYTES, sizeCalculation: ({ rgb }) => rgb.length });
  const stride = style.px * 3 + 1;
  return (symbol) => {
    const geometry = geometryOf(style.px, symbol.size, style.margin);
    const patch = patches.get(symbol.size) ?? patchOf(geometry, logoPlace(symbol.size, share), picture, style);
    patches.set(symbol.size, patch);
    const raw = new Uint8Array(stride * style.px);
    paintRows(raw, symbol, geometry, style);
    filterRows(raw, patch, geometry, stride);
    return Buffer.concat([head, pngChunk('IDAT', deflateSync(raw, { level: 3 })), PNG_END]);
  };
};

/** Rows that differ from the one above them are painted; the others are left zero for the Up filter. */
const paintRows = (raw: Uint8Array, symbol: QrSymbol, { px, modules, scale, offset }: Geometry, style: PngStyle) => {
  const stride = px * 3 + 1;
  const blank = new Uint8Array(px * 3);
  for (let i = 0; i < blank.length; i++) blank[i] = style.background.rgb[i % 3] ?? 0;
  const dark = new Uint8Array(scale * 3);
  for (let i = 0; i < dark.length; i++) dark[i] = style.foreground.rgb[i % 3] ?? 0;
  raw.set(blank, 1);
  raw.set(blank, (offset + modules * scale) * stride + 1);
  for (let y = 0; y < modules; y++) {
    const start = (offset + y * scale) * stride + 1;
    raw.set(blank, start);
    for (let x = 0; x < modules; x++) {
      if (symbol.modules[y * modules + x] === 1) raw.set(dark, start + (offset + x * scale) * 3);
    }
  }
};

/** Lays the logo over the rows it touches and sets each row's filter type. */
const filterRows = (raw: Uint8Array, patch: Patch, { px, modules, scale, offset }: Geometry, stride: number): void => {
  const isPainted = (y: number): boolean =>
    y === 0 || (y >= offset && y <= offset + modules * scale && (y - offset) % scale === 0);
  for (let y = 0, painted = 0; y < px; y++) {
    if (isPainted(y)) painted = y;
    const inPatch = y >= patch.from && y < patch.from + patch.px;
    if (inPatch) {
      const start = y * stride + 1;
      if (y !== painted) raw.copyWithin(start, painted * stride + 1, (painted + 1) * stride);
      const row = (y - patch.from) * patch.px * 3;
      raw.set(patch.rgb.subarray(row, row + patch.px * 3), start + patch.from * 3);
    } else if (y !== painted) {
      raw[y * stride] = FILTER_UP;
    }
  }
};
