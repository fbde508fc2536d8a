import { encode as encodePng } from 'fast-png';
import type { Raster } from '../../handlers/file-processing/images/raster.ts';

/** A picture whose left half is red and whose right half is blue. */
export const redAndBlue = (width: number, height: number): Raster => {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    const isLeft = i % width < width / 2;
    data[i * 4] = isLeft ? 255 : 0;
    data[i * 4 + 1] = 0;
    data[i * 4 + 2] = isLeft ? 0 : 255;
  }
  return { width, height, data };
};

/** What colour a pixel has, roughly. */
export const colourAt = ({ width, data }: Raster, x: number, y: number): 'red' | 'blue' | 'other' => {
  const [r = 0, g = 0, b = 0] = data.subarray((y * width + x) * 4);
  if (g > 60) return 'other';
  return r > 180 && b < 70 ? 'red' : b > 180 && r < 70 ? 'blue' : 'other';
};

export const pngOf = ({ width, height, data }: Raster): Buffer =>
  Buffer.from(encodePng({ width, height, data: new Uint8Array(data.buffer), channels: 4, depth: 8 }));

/** EXIF data that say nothing but the orientation, from their TIFF header on. */
export const exifOf = (orientation: number): Buffer =>
  Buffer.concat([
    Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0', 'latin1'),
    Buffer.from([orientation, 0, 0, 0, 0, 0, 0]),
  ]);

/** A JPEG with EXIF data put behind its first marker. */
export const withExif = (jpeg: Buffer, orientation: number, secret: string): Buffer => {
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), exifOf(orientation), Buffer.from(secret)]);
  const head = Buffer.from([0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
};
