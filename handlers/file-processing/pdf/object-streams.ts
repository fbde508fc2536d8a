import { constants, inflateSync } from 'node:zlib';
import { FileRefused } from '../refused.ts';
import { nameSource } from './names.ts';

const MIB = 1024 * 1024;

/** What object streams may unpack to; more is no document but an attack. */
const UNPACKED = { stream: 32 * MIB, all: 128 * MIB };

/** From the name of its type to the first byte of its data. */
const BEGIN = new RegExp(`${nameSource('ObjStm')}[^]{0,2000}?stream\\r?\\n`, 'g');
const FILTER = new RegExp(nameSource('Filter'));

/**
 * The object streams of a document, unpacked: since PDF 1.5 its dictionaries may lie in them (PDF 32000-1, 7.5.7), where
 * nobody sees them who looks at the bytes of the file.
 *
 * @throws FileRefused when they unpack to too much, or cannot be unpacked
 */
export function* objectStreams(content: Buffer): Generator<Buffer> {
  const text = content.toString('latin1');
  let all = 0;
  for (const match of text.matchAll(BEGIN)) {
    const data = match.index + match[0].length;
    const dictionary = text.slice(text.lastIndexOf('obj', match.index), data);
    // Without a filter it is plain, and was seen with the rest of the file.
    if (!FILTER.test(dictionary)) continue;
    const unpacked = inflated(content.subarray(data));
    all += unpacked.length;
    if (all > UNPACKED.all) throw tooMuch();
    yield unpacked;
  }
}

const tooMuch = (): FileRefused => new FileRefused('The document unpacks to more than it should: save it again.');

/** zlib stops where its data end, so the end of the stream need not be known. */
const inflated = (bytes: Buffer): Buffer => {
  try {
    return inflateSync(bytes, { maxOutputLength: UNPACKED.stream, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    // The one RangeError is that of `maxOutputLength`.
    if (error instanceof RangeError) throw tooMuch();
    throw new FileRefused('The document is packed in a way that cannot be checked: save it with another program.');
  }
};
