import { orientationIn } from './exif.ts';
import type { ImageHeader } from './header.ts';

const SIGNATURE_BYTES = 8;

/** Reads a PNG chunk by chunk (PNG specification, 11.2.1 IHDR, 11.3.4.5 eXIf; `acTL` says that it is animated). */
export const pngHeader = (file: Buffer): ImageHeader | undefined => {
  if (file.length < 33 || file.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  let [orientation, isAnimated] = [1, false];
  for (let at = SIGNATURE_BYTES; at + 12 <= file.length; ) {
    const [length, type] = [file.readUInt32BE(at), file.toString('latin1', at + 4, at + 8)];
    if (type === 'eXIf') orientation = orientationIn(file.subarray(at + 8, at + 8 + length));
    if (type === 'acTL') isAnimated = true;
    at += 12 + length;
  }
  return { width, height, orientation, isAnimated };
};
