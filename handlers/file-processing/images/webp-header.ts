import { orientationIn } from './exif.ts';
import type { ImageHeader } from './header.ts';

/** Reads the chunks of a WebP file (RFC 9649): the canvas of an extended one, else the frame of its lossy or lossless data. */
export const webpHeader = (file: Buffer): ImageHeader | undefined => {
  let size: { readonly width: number; readonly height: number } | undefined;
  let [orientation, isAnimated] = [1, false];
  for (let at = 12; at + 8 <= file.length; ) {
    const [type, length] = [file.toString('latin1', at, at + 4), file.readUInt32LE(at + 4)];
    const data = file.subarray(at + 8, at + 8 + length);
    size ??= sizeIn(type, data);
    if (type === 'VP8X') isAnimated = ((data[0] ?? 0) & 0x02) !== 0;
    if (type === 'EXIF') orientation = orientationIn(withoutPrefix(data));
    at += 8 + length + (length % 2);
  }
  return size === undefined ? undefined : { ...size, orientation, isAnimated };
};

/** Some programs write the prefix of JPEG segments here as well. */
const withoutPrefix = (data: Buffer): Buffer => (data.toString('latin1', 0, 4) === 'Exif' ? data.subarray(6) : data);

const sizeIn = (type: string, data: Buffer): { readonly width: number; readonly height: number } | undefined => {
  if (data.length < 10) return undefined;
  if (type === 'VP8X') return { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 };
  // RFC 6386, 9.1: after the start code two words of 14 bits.
  if (type === 'VP8 ') return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
  if (type !== 'VP8L') return undefined;
  const bits = data.readUInt32LE(1);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
};
