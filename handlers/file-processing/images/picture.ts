import type { HandlerContext } from '../../../lib/consumer/index.ts';
import { outputKey } from '../keys.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { FileRefused } from '../refused.ts';
import type { FileWork, Processed } from '../work.ts';
import { decode, encode, FORMATS, resized } from './codecs.ts';
import { halved } from './halved.ts';
import { checkedHeader, type ImageType } from './header.ts';
import { type Raster, upright } from './raster.ts';
import { type PicturePurpose, VARIANTS, type Variant } from './variants.ts';

/**
 * A picture: checked before it is decoded, then made smaller, turned upright, and written anew, which leaves all metadata
 * behind (place, camera, thumbnail, colour profile).
 *
 * @throws FileRefused when it is broken or too large
 */
export const processPicture = (
  work: FileWork,
  type: ImageType,
  purpose: PicturePurpose,
  content: Buffer,
  context: HandlerContext,
): Promise<Processed> => oneAtATime(() => processed(work, type, VARIANTS[purpose], content, context));

const processed = async (
  { file }: FileWork,
  type: ImageType,
  variants: readonly Variant[],
  content: Buffer,
  { objects, signal }: HandlerContext,
): Promise<Processed> => {
  const { orientation } = checkedHeader(type, content);
  const outputs: string[] = [];
  let picture = await decoded(type, content);
  for (const { name, px, formats } of variants) {
    signal.throwIfAborted();
    picture = await within(picture, px);
    const shown = upright(picture, orientation);
    for (const format of formats) {
      const key = outputKey(file, `${name}.${format}`);
      await objects.put(key, await encode(format, shown), { contentType: FORMATS[format].contentType });
      outputs.push(key);
    }
  }
  return { contentType: type, outputs };
};

const decoded = async (type: ImageType, content: Buffer): Promise<Raster> => {
  try {
    return await decode(type, content);
  } catch {
    throw new FileRefused('The picture is broken: save it again with another program.');
  }
};

/** The picture with its longer side of at most `px`. */
const within = async (raster: Raster, px: number): Promise<Raster> => {
  const [longer, shorter] = [Math.max(raster.width, raster.height), Math.min(raster.width, raster.height)];
  if (longer <= px) return raster;
  if (longer >= 2 * px && shorter > 1) return within(halved(raster), px);
  const length = (side: number): number => Math.max(1, Math.round((side * px) / longer));
  return resized(raster, length(raster.width), length(raster.height));
};
