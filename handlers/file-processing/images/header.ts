import { FileRefused } from '../refused.ts';
import { jpegHeader } from './jpeg-header.ts';
import { pngHeader } from './png-header.ts';
import { webpHeader } from './webp-header.ts';

/** What the bytes of a picture say about it before anything is decoded. */
export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1-8; 1 is upright. */
  readonly orientation: number;
  readonly isAnimated: boolean;
}

export type ImageType = 'image/png' | 'image/jpeg' | 'image/webp';

const READERS: Readonly<Record<ImageType, (file: Buffer) => ImageHeader | undefined>> = {
  'image/png': pngHeader,
  'image/jpeg': jpegHeader,
  'image/webp': webpHeader,
};

export const isImageType = (type: string): type is ImageType => Object.hasOwn(READERS, type);

/** Decoded, a picture takes four bytes a pixel, several times over: 24 million is what a phone's camera makes. */
export const PIXELS = { most: 25_000_000, side: 16_000 };

/**
 * Reads width, height and orientation, and refuses what would not fit into memory: a file of some kilobytes can unpack to
 * gigabytes.
 *
 * @throws FileRefused when it is broken, too large or animated
 */
export const checkedHeader = (type: ImageType, file: Buffer): ImageHeader => {
  const header = READERS[type](file);
  if (header === undefined || header.width === 0 || header.height === 0) {
    throw new FileRefused('The picture is broken: its width and height cannot be read.');
  }
  const { width, height, isAnimated } = header;
  if (width * height > PIXELS.most || Math.max(width, height) > PIXELS.side) {
    throw new FileRefused(
      `The picture has ${width} x ${height} pixels; ${PIXELS.most / 1e6} million, and ${PIXELS.side} on a side, are the limit.`,
    );
  }
  if (isAnimated) throw new FileRefused('The picture is animated: upload a still one.');
  return header;
};
