import { inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The chunks a picture consists of (PNG 1.2, 4.1 and 4.2.9). */
const PICTURE_CHUNKS = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];
/** Samples a pixel of each colour type (PNG 1.2, 4.1.1). */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const INDEXED = 3;

/** Whether the bytes begin as a PNG with a header does. */
export const isPng = (file: Buffer): boolean =>
  file.length >= 33 && file.subarray(0, 8).equals(SIGNATURE) && file.toString('latin1', 12, 16) === 'IHDR';

/** @param file for which {@link isPng} holds */
export const pngSizeOf = (file: Buffer): { readonly width: number; readonly height: number } => ({
  width: file.readUInt32BE(16),
  height: file.readUInt32BE(20),
});

/**
 * The file without its ancillary chunks: text, profiles and animations say nothing about the picture, and a decoder would
 * unpack them whatever their size. The picture itself has been unpacked here once, and found to be as large as its header
 * says, not larger.
 *
 * @throws Error when a chunk is cut off, the palette is missing, or the pixels are more than the header announces
 */
export const plainPng = (file: Buffer): Buffer => {
  const kept: Buffer[] = [SIGNATURE];
  const pixels: Buffer[] = [];
  for (let at = SIGNATURE.length; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const end = at + 12 + length;
    if (end > file.length) throw new Error(`chunk ${type} is cut off`);
    if (PICTURE_CHUNKS.includes(type)) kept.push(file.subarray(at, end));
    if (type === 'IDAT') pixels.push(file.subarray(at + 8, end - 4));
    if (type === 'IEND') break;
    at = end;
  }
  if (file[25] === INDEXED && !kept.some((chunk) => chunk.toString('latin1', 4, 8) === 'PLTE')) {
    throw new Error('the palette is missing');
  }
  inflateSync(Buffer.concat(pixels), { maxOutputLength: mostBytes(file) });
  return Buffer.concat(kept);
};

/** Bytes of the unpacked rows at most: those of seven interlaced passes are each rounded up. */
const mostBytes = (file: Buffer): number => {
  const { width, height } = pngSizeOf(file);
  const bits = (file[24] ?? 8) * (SAMPLES[file[25] ?? 6] ?? 4);
  return height * (Math.ceil((width * bits) / 8) + 1) + 2 * height + 8 * (height + 8);
};
