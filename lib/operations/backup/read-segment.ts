import { StreamError } from '../../errors.ts';
import type { Segment } from './manifest.ts';
import type { Place } from './place.ts';
import { checksumOf, decodeSegment, type Kind } from './segment.ts';

/** @throws StreamError REFUSED when the file is missing, or is not as it was written */
export const segmentBytes = async (place: Place, { file, sha256, bytes }: Segment): Promise<Buffer> => {
  const content = await place.get(file);
  const what =
    content === undefined
      ? 'is missing'
      : content.length !== bytes
        ? `has ${content.length} bytes instead of ${bytes}`
        : checksumOf(content) === sha256
          ? undefined
          : 'is damaged: its checksum does not fit';
  if (content !== undefined && what === undefined) return content;
  throw new StreamError('REFUSED', `${file} in ${place.address} ${what}.`, {
    next: `See what else is broken: ./stream-manager.sh backup verify ${place.address}`,
  });
};

/** The entries of a file, once its checksum was found right. */
export async function* readSegment<Entry>(place: Place, kind: Kind<Entry>, segment: Segment): AsyncGenerator<Entry> {
  yield* decodeSegment(kind, await segmentBytes(place, segment));
}
