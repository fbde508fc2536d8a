import { messageOf } from '../../errors.ts';
import { type Manifest, type RecordSegment, type Segment, type StoredPartition, segmentsOf } from './manifest.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import { segmentBytes } from './read-segment.ts';
import { isWritable } from './redis-write.ts';
import { decodeSegment, PIECES, RECORDS } from './segment.ts';
import { KEYS } from './stored-key.ts';

/** What is wrong with a backup, and with which file of it, or with which topic in a cluster. */
export interface Finding {
  readonly file: string;
  readonly problem: string;
}

/**
 * Reads every file of a backup as a restore reads it: checksums, numbers of entries, that records lie in their order and inside
 * their partition, that keys have types which can be written, and that objects are whole.
 */
export const verifyFiles = async (
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
  for (const { partitions } of manifest.topics) {
    for (const partition of partitions) {
      let before = -1;
      for (const segment of partition.segments) {
        const last = before;
        await look(segment, (content) => recordsProblem(content, partition, segment, last));
        before = segment.last;
      }
    }
  }
  for (const segment of manifest.redis) await look(segment, (content) => keysProblem(content, segment));
  const objects = { isOpen: false };
  for (const segment of manifest.objects) await look(segment, (content) => piecesProblem(content, segment, objects));
  const lastFile = manifest.objects.at(-1)?.file;
  if (objects.isOpen && lastFile !== undefined) findings.push({ file: lastFile, problem: 'ends within an object' });
  const { registryExport } = manifest;
  if (registryExport !== null) await look(registryExport, async (content) => archiveProblem(content));
  return findings;
};

const countProblem = (found: number, { entries }: Segment): string | undefined =>
  found === entries ? undefined : `has ${found} entries instead of ${entries}`;

const recordsProblem = async (
  content: Buffer,
  { end }: StoredPartition,
  { first, last, entries }: RecordSegment,
  before: number,
): Promise<string | undefined> => {
  let previous = before;
  let found = 0;
  let begin = -1;
  for await (const { offset } of decodeSegment(RECORDS, content)) {
    if (offset <= previous) return `has offset ${offset} after ${previous}`;
    if (offset >= end) return `has offset ${offset}, but its partition ends at ${end}`;
    if (found === 0) begin = offset;
    previous = offset;
    found += 1;
  }
  return found === entries && begin === first && previous === last
    ? undefined
    : `has ${found} records from ${begin} to ${previous} instead of ${entries} from ${first} to ${last}`;
};

const keysProblem = async (content: Buffer, segment: Segment): Promise<string | undefined> => {
  let found = 0;
  for await (const key of decodeSegment(KEYS, content)) {
    found += 1;
    if (!('dump' in key) && !isWritable(key.type)) return `has a key of type ${key.type}, which cannot be written`;
  }
  return countProblem(found, segment);
};

/** @param objects whether the last piece so far is not the last of its object; pieces go on in the next file */
const piecesProblem = async (
  content: Buffer,
  segment: Segment,
  objects: { isOpen: boolean },
): Promise<string | undefined> => {
  let found = 0;
  for await (const { isLast } of decodeSegment(PIECES, content)) {
    found += 1;
    objects.isOpen = !isLast;
  }
  return countProblem(found, segment);
};

/** The registry exports a ZIP archive. */
const archiveProblem = (content: Buffer): string | undefined =>
  content.subarray(0, 2).toString('latin1') === 'PK' ? undefined : 'is no ZIP archive';
