import { FileRefused } from '../refused.ts';
import type { FileWork, Processed } from '../work.ts';
import { type Danger, dangerIn } from './dangers.ts';
import { objectStreams } from './object-streams.ts';

/** Where a reader looks for the end of the file (PDF 32000-1, annex H.3, note 18). */
const TAIL_BYTES = 2_048;

const REASONS: Readonly<Record<Danger, string>> = {
  encryption: 'The document is encrypted: remove its password, so that it can be checked and shown.',
  script: 'The document holds JavaScript: save it without, for instance by printing it to PDF.',
  launch: 'The document starts a program or opens another file: save it without such actions.',
  media: 'The document has embedded media or files: save it without.',
};

/**
 * Purpose `document`: a PDF that can be shown to anybody. It is passed through as it is, or refused.
 *
 * @throws FileRefused naming what is in it
 */
export const checkDocument = ({ file, type }: FileWork, content: Buffer): Processed => {
  if (!content.subarray(-TAIL_BYTES).includes('%%EOF')) {
    throw new FileRefused('The document is cut off: its end is missing.');
  }
  const danger = dangerIn(content) ?? firstIn(objectStreams(content));
  if (danger !== undefined) throw new FileRefused(REASONS[danger]);
  return { contentType: type, outputs: [file.key] };
};

const firstIn = (streams: Iterable<Buffer>): Danger | undefined => {
  for (const stream of streams) {
    const danger = dangerIn(stream);
    if (danger !== undefined) return danger;
  }
  return undefined;
};
