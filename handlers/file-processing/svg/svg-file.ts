import type { HandlerContext } from '../../../lib/consumer/index.ts';
import { outputKey } from '../keys.ts';
import { FileRefused } from '../refused.ts';
import type { FileWork, Processed } from '../work.ts';
import { sanitisedSvg } from './sanitise.ts';

/**
 * An SVG: written anew without what could run or load anything. It scales by itself, so it has no variants.
 *
 * @throws FileRefused when it cannot be read
 */
export const processSvg = async (
  { file, type }: FileWork,
  content: Buffer,
  { objects }: HandlerContext,
): Promise<Processed> => {
  const key = outputKey(file, 'picture.svg');
  await objects.put(key, sanitisedSvg(textOf(content)), { contentType: type });
  return { contentType: type, outputs: [key] };
};

const textOf = (content: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new FileRefused('The SVG is not valid UTF-8: save it again with another program.');
  }
};
