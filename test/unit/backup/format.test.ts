import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { framed, unframed } from '../../../lib/events/framing.ts';
import { reframed } from '../../../lib/operations/backup/frames.ts';
import {
  backupsIn,
  idAt,
  type RecordSegment,
  requireManifest,
  writeManifest,
  writePlan,
} from '../../../lib/operations/backup/manifest.ts';
import { openPlace, type Place } from '../../../lib/operations/backup/place.ts';
import { segmentBytes } from '../../../lib/operations/backup/read-segment.ts';
import { countRecords } from '../../../lib/operations/backup/records-copy.ts';
import {
  checksumOf,
  decodeSegment,
  encodeSegment,
  RECORDS,
  type StoredRecord,
} from '../../../lib/operations/backup/segment.ts';

let folder: string;
let place: Place;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qr-backup-unit-'));
  place = openPlace(folder, { awsEndpoint: undefined });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bytes = fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some));
/** The greatest number of all is none that avsc takes. */
const long = fc.maxSafeNat().filter((some) => some < Number.MAX_SAFE_INTEGER);
/** Any 64 bits: as a number where that is exact. */
const time = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((some) => (Number.isSafeInteger(Number(some)) ? Number(some) : some));
const record: fc.Arbitrary<StoredRecord> = fc.record({
  offset: long,
  timestamp: time,
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.array(fc.record({ name: fc.string(), value: fc.option(bytes) }), { maxLength: 4 }),
});

const all = async (content: Buffer): Promise<StoredRecord[]> => {
  const found: StoredRecord[] = [];
  for await (const { offset, timestamp, key, value, headers } of decodeSegment(RECORDS, content)) {
    found.push({ offset, timestamp, key, value, headers: headers.map((each) => ({ ...each })) });
  }
  return found;
};

describe('a file of records', () => {
  it('gives back what was put in: null keys, tombstones, repeated names, headers without a value', () =>
    fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 30 }), async (records) => {
        expect(await all(await encodeSegment(RECORDS, records))).toEqual(records);
      }),
      { numRuns: 50 },
    ));

  it('is not read when a byte has changed, is missing, or the file is', async () => {
    const content = await encodeSegment(RECORDS, [{ offset: 1, timestamp: 2, key: null, value: null, headers: [] }]);
    const segment = { file: 'a/b.avro', sha256: checksumOf(content), bytes: content.length, entries: 1 };
    await expect(segmentBytes(place, segment)).rejects.toMatchObject({ code: 'REFUSED', message: /is missing/ });
    await place.put(segment.file, content);
    expect(await segmentBytes(place, segment)).toEqual(content);
    const other = Buffer.from(content);
    other[5] = (other[5] ?? 0) ^ 1;
    await place.put(segment.file, other);
    await expect(segmentBytes(place, segment)).rejects.toThrow(/a\/b\.avro .* is damaged/);
    await place.put(segment.file, content.subarray(1));
    await expect(segmentBytes(place, segment)).rejects.toThrow(/bytes instead of/);
  });
});

describe('where a group stood', () => {
  it('is the number of records before it, whatever offsets are missing and however files are cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat({ max: 60 }), { minLength: 1, maxLength: 30 }),
        fc.nat({ max: 5 }),
        fc.nat({ max: 70 }),
        fc.nat({ max: 70 }),
        async (some, cuts, begin, before) => {
          const offsets = [...some].sort((a, b) => a - b);
          const size = Math.ceil(offsets.length / (cuts + 1));
          const segments: RecordSegment[] = [];
          for (let from = 0; from < offsets.length; from += size) {
            const part = offsets.slice(from, from + size);
            const content = await encodeSegment(
              RECORDS,
              part.map((offset) => ({ offset, timestamp: 0, key: null, value: null, headers: [] })),
            );
            const file = `count/${from}.avro`;
            await place.put(file, content);
            segments.push({
              file,
              sha256: checksumOf(content),
              bytes: content.length,
              entries: part.length,
              first: part[0] ?? 0,
              last: part.at(-1) ?? 0,
              tail: '',
            });
          }
          const wanted = offsets.filter((offset) => offset >= begin && offset < before).length;
          expect(await countRecords(place, { partition: 0, begin, end: 61, segments }, before)).toBe(wanted);
        },
      ),
      { numRuns: 30 },
    ));
});

describe('a framed value', () => {
  it('gets the new id of its schema and keeps every other byte; what has no frame stays', () => {
    const ids = new Map([[7, 9]]);
    expect(reframed(Buffer.from([0, 0, 0, 0, 7, 1, 2]), ids)).toEqual(Buffer.from([0, 0, 0, 0, 9, 1, 2]));
    for (const value of [null, Buffer.alloc(0), Buffer.from([0, 0, 0, 7]), Buffer.from([0, 0, 0, 0, 8, 7])]) {
      expect(reframed(value, ids)).toBe(value);
    }
  });

  it('of Glue keeps its compression, and becomes one of the other registry with what it holds', () => {
    const [before, after] = ['0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9', 'ffffffff-0000-4000-8000-000000000001'];
    const packed = Buffer.concat([Buffer.from([3, 5]), framed(before, deflateSync(Buffer.from([1, 2]))).subarray(2)]);
    const moved = reframed(packed, new Map([[before, after]])) ?? Buffer.alloc(0);
    expect(unframed(moved)).toEqual({ schemaId: after, body: Buffer.from([1, 2]) });
    expect(moved.length).toBe(packed.length);
    expect(reframed(packed, new Map([[before, 9]]))).toEqual(Buffer.from([0, 0, 0, 0, 9, 1, 2]));
    expect(reframed(Buffer.from([0, 0, 0, 0, 9, 1, 2]), new Map([[9, before]]))).toEqual(
      framed(before, Buffer.from([1, 2])),
    );
  });
});

describe('a manifest', () => {
  const plan = { format: 1, id: idAt(new Date(0)), on: null, topics: [], parts: [], begunAt: '' } as const;
  const rest = { groups: [], schemas: [], registryExport: null, redis: [], objects: [], wasQuiet: true };

  it('makes a backup whole; before that there is none, and a damaged one is refused', async () => {
    const own = openPlace(join(folder, 'own'), { awsEndpoint: undefined });
    await expect(requireManifest(own)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await writePlan(own, plan);
    expect(await backupsIn(own)).toEqual({ whole: [], unfinished: [plan.id] });
    await expect(requireManifest(own)).rejects.toThrow(/begun and not finished/);
    await writeManifest(own, { ...plan, ...rest, takenAt: '', finishedAt: '' });
    expect(await backupsIn(own)).toEqual({ whole: [plan.id], unfinished: [] });
    expect((await requireManifest(own)).id).toBe(plan.id);
    const file = join(folder, 'own', plan.id, 'manifest.json');
    const text = (await own.get(`${plan.id}/manifest.json`))?.toString() ?? '';
    await writeFile(file, text.replace('"wasQuiet":true', '"wasQuiet":false'));
    await expect(requireManifest(own)).rejects.toThrow(/damaged/);
  });
});

it('an address is a folder or a bucket', () => {
  expect(() => openPlace('http://x/y', { awsEndpoint: undefined })).toThrow(/neither a folder nor s3/);
  expect(() => openPlace('s3://', { awsEndpoint: undefined })).toThrow(/neither a folder nor s3/);
});
