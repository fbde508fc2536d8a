import { orientationIn } from './exif.ts';
import type { ImageHeader } from './header.ts';

/** Markers that begin a frame (ITU-T T.81, table B.1): C0 to CF without the tables C4, C8 and CC. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Markers without a segment: fill bytes, restarts, start of image. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

const EXIF = 'Exif\0\0';

/** Reads the segments of a JPEG up to its frame header. */
export const jpegHeader = (file: Buffer): ImageHeader | undefined => {
  let orientation = 1;
  for (let at = 2; at + 4 <= file.length; ) {
    if (file[at] !== 0xff) return undefined;
    const marker = file[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isBare(marker)) {
      at += 2;
      continue;
    }
    const length = file.readUInt16BE(at + 2);
    if (isFrame(marker)) {
      if (at + 9 > file.length) return undefined;
      return { width: file.readUInt16BE(at + 7), height: file.readUInt16BE(at + 5), orientation, isAnimated: false };
    }
    const isExif = marker === 0xe1 && file.toString('latin1', at + 4, at + 4 + EXIF.length) === EXIF;
    if (isExif) orientation = orientationIn(file.subarray(at + 4 + EXIF.length, at + 2 + length));
    at += 2 + length;
  }
  return undefined;
};
