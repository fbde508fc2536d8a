import { convertIndexedToRgb, type DecodedPng, decode } from 'fast-png';
import { PermanentError } from '../../../lib/errors.ts';
import type { Colour } from '../colour.ts';
import { LIMITS } from '../limits.ts';
import { isPng, plainPng, pngSizeOf } from './png-file.ts';

/** A picture with 8 bits a channel, red, green, blue, alpha. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/**
 * Reads a logo.
 *
 * @param bytes a PNG of any colour type and depth
 * @throws PermanentError TEMPLATE_INVALID when it is no PNG, broken or too large
 */
export const parseLogo = (bytes: Uint8Array): Picture => {
  const refuse = (problem: string): never => {
    throw new PermanentError('TEMPLATE_INVALID', `The template's logo ${problem}`, {
      next: 'Upload another logo and request the batch again',
    });
  };
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isPng(file)) return refuse('is not a PNG file');
  if (file.length > LIMITS.logoBytes) refuse(`is larger than ${LIMITS.logoBytes / 1024 / 1024} MiB`);
  const { width, height } = pngSizeOf(file);
  if (width > LIMITS.logoPx || height > LIMITS.logoPx) refuse(`is larger than ${LIMITS.logoPx} px`);
  try {
    return pictureOf(plainPng(file));
  } catch {
    return refuse('is a broken PNG file');
  }
};

const pictureOf = (file: Buffer): Picture => {
  const png = decode(file, { checkCrc: true });
  const indexed = png.palette !== undefined;
  const data = indexed ? convertIndexedToRgb(png) : png.depth < 8 ? unpacked(png) : png.data;
  const pixels = png.width * png.height;
  const channels = indexed ? data.length / pixels : png.channels;
  const full = indexed ? 255 : 2 ** png.depth - 1;
  const clear = indexed ? undefined : png.transparency;
  const rgba = new Uint8Array(pixels * 4);
  for (let i = 0; i < pixels; i++) {
    const at = (channel: number): number => Math.round(((data[i * channels + channel] ?? 0) * 255) / full);
    const grey = channels < 3;
    rgba[i * 4] = at(0);
    rgba[i * 4 + 1] = at(grey ? 0 : 1);
    rgba[i * 4 + 2] = at(grey ? 0 : 2);
    // PNG 1.2, 4.2.9: one colour of a picture without alpha may stand for "transparent".
    const isClear = clear !== undefined && isPixel(data, i * channels, channels, clear);
    rgba[i * 4 + 3] = isClear ? 0 : channels === 2 ? at(1) : channels === 4 ? at(3) : 255;
  }
  return { width: png.width, height: png.height, rgba };
};

/** Grey samples of 1, 2 or 4 bits, which the decoder leaves packed, one a number. */
const unpacked = ({ width, height, depth, data }: DecodedPng): Uint8Array => {
  const stride = Math.ceil((width * depth) / 8);
  const samples = new Uint8Array(width * height);
  for (let i = 0; i < samples.length; i++) {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * stride + (bit >> 3)] ?? 0;
    samples[i] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  }
  return samples;
};

const isPixel = (data: ArrayLike<number>, at: number, channels: number, colour: Uint16Array): boolean => {
  for (let c = 0; c < channels; c++) if (data[at + c] !== colour[c]) return false;
  return true;
};

/** The picture within a square of `px` on a ground of one colour, its proportions kept, each pixel the mean of what it covers. */
export const flatten = (picture: Picture, px: number, ground: Colour): Uint8Array => {
  const rgb = new Uint8Array(px * px * 3);
  const scale = Math.max(picture.width, picture.height) / px;
  const left = (px - picture.width / scale) / 2;
  const top = (px - picture.height / scale) / 2;
  for (let y = 0; y < px; y++) {
    for (let x = 0; x < px; x++) {
      const mean = meanOf(picture, (x - left) * scale, (y - top) * scale, scale);
      for (let c = 0; c < 3; c++) {
        rgb[(y * px + x) * 3 + c] = Math.round((mean[c] ?? 0) + (1 - (mean[3] ?? 0)) * (ground.rgb[c] ?? 0));
      }
    }
  }
  return rgb;
};

/** Colour, weighted by alpha, and alpha (0-1) of the square that starts at x, y; outside of the picture is transparent. */
const meanOf = ({ width, height, rgba }: Picture, x: number, y: number, side: number): readonly number[] => {
  const sum = [0, 0, 0, 0];
  const reach = Math.max(side, 1);
  const [x0, y0] = [x + (side - reach) / 2, y + (side - reach) / 2];
  for (let py = Math.max(0, Math.floor(y0)); py < Math.min(height, Math.ceil(y0 + reach)); py++) {
    for (let px = Math.max(0, Math.floor(x0)); px < Math.min(width, Math.ceil(x0 + reach)); px++) {
      const area =
        (Math.min(px + 1, x0 + reach) - Math.max(px, x0)) * (Math.min(py + 1, y0 + reach) - Math.max(py, y0));
      const at = (py * width + px) * 4;
      const weight = ((rgba[at + 3] ?? 0) / 255) * (area / reach ** 2);
      for (let c = 0; c < 3; c++) sum[c] = (sum[c] ?? 0) + weight * (rgba[at + c] ?? 0);
      sum[3] = (sum[3] ?? 0) + weight;
    }
  }
  return sum;
};

/** Where a logo and the clear square around it lie, in modules from the symbol's first one. */
export interface LogoPlace {
  /** First module of the cleared square, and how many it takes. */
  readonly clearFrom: number;
  readonly clear: number;
  /** The logo's own square. */
  readonly from: number;
  readonly side: number;
}

/** A logo of `share` of the symbol's width in its middle, with at least half a module of ground around it. */
export const logoPlace = (modules: number, share: number): LogoPlace => {
  const side = modules * share;
  // Odd like every symbol, so that whole modules are cleared.
  const clear = 2 * Math.ceil(side / 2) + 1;
  return { clearFrom: (modules - clear) / 2, clear, from: (modules - side) / 2, side };
};
