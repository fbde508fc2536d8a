import { messageOf } from '../../errors.ts';
import { type Manifest, type RecordSegment, type Segment, segmentsOf } from './manifest.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { segmentBytes } from './read-segment.ts';
import { decodeSegment, type Kind, PIECES, RECORDS } from './segment.ts';
import { KEYS } from './stored-key.ts';

/** What is wrong with a file of a backup. */
export interface Finding {
  readonly file: string;
  readonly problem: string;
}

const counted = async <Entry>(kind: Kind<Entry>, content: Buffer): Promise<number> => {
  let count = 0;
  for await (const _ of decodeSegment(kind, content)) count += 1;
  return count;
};

/** Reads every file of a backup: checksums, numbers of entries, and that records lie in their order and place. */
export const verifyBackup = async (
  place: Place,
  manifest: Manifest,
  onProgress: OnProgress,
): Promise<readonly Finding[]> => {
  const findings: Finding[] = [];
  const total = segmentsOf(manifest).length;
  let done = 0;
  const look = async (segment: Segment, inside: (content: Buffer) => Promise<string | undefined>): Promise<void> => {
    try {
      const problem = await inside(await segmentBytes(place, segment));
      if (problem !== undefined) findings.push({ file: segment.file, problem });
    } catch (error) {
      findings.push({ file: segment.file, problem: messageOf(error) });
    }
    done += 1;
    onProgress({ step: 'files', done, total });
  };
  const entriesOf =
    <Entry>(kind: Kind<Entry>, { entries }: Segment) =>
    async (content: Buffer): Promise<string | undefined> => {
      const found = await counted(kind, content);
      return found === entries ? undefined : `has ${found} entries instead of ${entries}`;
    };
  for (const { partitions } of manifest.topics) {
    for (const { segments } of partitions) {
      let before = -1;
      for (const segment of segments) {
        const last = before;
        await look(segment, (content) => recordsProblem(content, segment, last));
        before = segment.last;
      }
    }
  }
  for (const segment of manifest.redis) await look(segment, entriesOf(KEYS, segment));
  for (const segment of manifest.objects) await look(segment, entriesOf(PIECES, segment));
  if (manifest.registryExport !== null) await look(manifest.registryExport, async () => undefined);
  return findings;
};

const recordsProblem = async (
  content: Buffer,
  { first, last, entries }: RecordSegment,
  before: number,
): Promise<string | undefined> => {
  let previous = before;
  let found = 0;
  let begin = -1;
  for await (const { offset } of decodeSegment(RECORDS, content)) {
    if (offset <= previous) return `has offset ${offset} after ${previous}`;
    if (found === 0) begin = offset;
    previous = offset;
    found += 1;
  }
  return found === entries && begin === first && previous === last
    ? undefined
    : `has ${found} records from ${begin} to ${previous} instead of ${entries} from ${first} to ${last}`;
};
