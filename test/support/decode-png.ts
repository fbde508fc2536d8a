import { decode } from 'fast-png';
import jsQR from 'jsqr';

/**
 * What a phone would read from a PNG: the text of its QR code, or undefined when there is none to be read. The decoder is
 * none that the project uses. Images of one bit a pixel, grey or with a palette, eight to a byte (PNG 1.2, section 2.3),
 * and of eight bits a channel.
 */
export const codeInPng = (png: Uint8Array): string | undefined => {
  const { width, height, channels, depth, data, palette } = decode(png);
  const rowBytes = Math.ceil((width * channels * depth) / 8);
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * rowBytes;
      const sample = depth === 1 ? ((data[at + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1 : (data[at + x * channels] ?? 0);
      const grey = palette?.[sample]?.[0] ?? (depth === 1 ? sample * 255 : sample);
      rgba.fill(grey, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return jsQR.default(rgba, width, height)?.data;
};
