import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fromRandomAccessReader, RandomAccessReader, type ZipFile } from 'yauzl';
import { zipOf } from '../../../handlers/bulk-qr-processing/zip/assemble.ts';
import {
  countsIn,
  deserialise,
  FOOTER_BYTES,
  type Fragment,
  FragmentWriter,
  serialise,
} from '../../../handlers/bulk-qr-processing/zip/fragment.ts';
import { dosTimeOf } from '../../../handlers/bulk-qr-processing/zip/records.ts';
import { openZip, unzip, zipContentOf, zipEntriesOf } from '../../support/zip.ts';

// Tens of thousands of entries; a busy machine may take its time.
vi.setConfig({ testTimeout: 30_000 });

const AT = dosTimeOf('2026-11-24T08:09:11Z');
const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qr-zip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fragmentOf = (files: readonly (readonly [string, Buffer])[], compress = false): Fragment => {
  const writer = new FragmentWriter(AT);
  for (const [name, bytes] of files) writer.add(name, bytes, compress);
  return writer.finish({ manifest: Buffer.from(`${files.length}\r\n`), succeeded: files.length, errors: [] });
};

/** The pieces of a zip of these fragments; each goes through its stored form. */
const piecesOf = async (fragments: Iterable<Fragment>): Promise<{ pieces: Buffer[]; bytes: number }> => {
  const totals = { bytes: 0, succeeded: 0, failed: 0 };
  const pieces: Buffer[] = [];
  for await (const piece of zipOf(Readable.from(fragments), [], AT, totals)) pieces.push(piece);
  return { pieces, bytes: totals.bytes };
};

const zipBytes = async (fragments: Iterable<Fragment>): Promise<Buffer> =>
  Buffer.concat((await piecesOf(fragments)).pieces);

/** What Python's zipfile says: number of entries, first bad one, and each name with its size and offset. */
const python = async (
  path: string,
  check: boolean,
): Promise<{ count: number; bad: string | null; last: [string, number, number] }> => {
  const script = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
i = z.infolist()
print(json.dumps({"count": len(i), "bad": z.testzip() if sys.argv[2] == "1" else None,
  "last": [i[-1].filename, i[-1].file_size, i[-1].header_offset]}))`;
  const { stdout } = await run('python3', ['-c', script, path, check ? '1' : '0']);
  return JSON.parse(stdout);
};

describe('a zip', () => {
  it('reads back to its files, whatever their names and sizes, however they are spread over fragments', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((text) => !/[\\:\p{C}]/u.test(text));
    const file = fc.tuple(name, fc.uint8Array({ maxLength: 300 }));
    const fragments = fc.array(fc.tuple(fc.array(file, { maxLength: 5 }), fc.boolean()), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fragments, async (list) => {
        const named = list.map(([files, compress], f) => ({
          compress,
          files: files.map(
            ([text, bytes], i) => [`codes/${f}-${i}-${text.replaceAll('/', '_')}`, Buffer.from(bytes)] as const,
          ),
        }));
        const made = named.map(({ files, compress }) => deserialise(serialise(fragmentOf(files, compress))));
        const files = await unzip(await zipBytes(made));
        const expected = new Map(named.flatMap(({ files: own }) => own));
        const manifest = `id,file,sha256,data\r\n${named.map(({ files: own }) => `${own.length}\r\n`).join('')}`;
        expect(files).toEqual(new Map([...expected, ['manifest.csv', Buffer.from(manifest)]]));
      }),
      { numRuns: 60 },
    );
  });

  it('is sound for Python too: names, CRCs, dates, permissions', async () => {
    const path = join(folder, 'plain.zip');
    const files = [
      ['codes/größe_日本.svg', Buffer.from('<svg/>'.repeat(99))],
      ['codes/🎉.png', Buffer.from([1, 2])],
    ] as const;
    await writeFile(path, await zipBytes([fragmentOf(files, true)]));
    const script = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps([z.testzip(), [[i.filename, list(i.date_time), oct(i.external_attr >> 16)] for i in z.infolist()]]))`;
    const { stdout } = await run('python3', ['-c', script, path]);
    const [bad, entries]: [unknown, unknown[]] = JSON.parse(stdout);
    expect(bad).toBeNull();
    expect(entries).toEqual(
      ['codes/größe_日本.svg', 'codes/🎉.png', 'manifest.csv'].map((name) => [
        name,
        [2026, 11, 24, 8, 9, 10],
        '0o100644',
      ]),
    );
  });

  it('of more entries than 16 bits count is read by both', async () => {
    const count = 70_000;
    const files = Array.from({ length: count }, (_, i) => [`codes/${i}.png`, Buffer.from(String(i))] as const);
    const bytes = await zipBytes([fragmentOf(files.slice(0, 40_000)), fragmentOf(files.slice(40_000))]);
    const zip = await openZip(bytes);
    const entries = await zipEntriesOf(zip);
    expect(entries).toHaveLength(count + 1);
    const last = entries.at(-2);
    expect(last?.fileName).toBe('codes/69999.png');
    if (last !== undefined) expect((await zipContentOf(zip, last)).toString()).toBe('69999');
    const path = join(folder, 'many.zip');
    await writeFile(path, bytes);
    expect(await python(path, false)).toMatchObject({
      count: count + 1,
      last: ['manifest.csv', expect.any(Number), expect.any(Number)],
    });
  });

  it.each([65_534, 65_535])('of %i entries is read as well: the numbers at which the records change', async (count) => {
    const files = Array.from({ length: count - 1 }, (_, i) => [`${i}`, Buffer.alloc(0)] as const);
    expect(await zipEntriesOf(await openZip(await zipBytes([fragmentOf(files)])))).toHaveLength(count);
  });

  it('of more than 4 GiB is read by both', async () => {
    // Seventy times the same 64 MiB of zeros: in memory once, on disk a hole.
    const zeros = Buffer.alloc(64 * 1024 * 1024);
    const writer = (i: number): Fragment => {
      const one = new FragmentWriter(AT);
      one.add(`codes/${i}.png`, Buffer.alloc(0), false);
      const { directory, body } = one.finish({ manifest: Buffer.alloc(0), succeeded: 1, errors: [] });
      for (const [header, crc] of [
        [directory, 16],
        [body, 14],
      ] as const) {
        header.writeUInt32LE(ZERO_CRC, crc);
        header.writeUInt32LE(zeros.length, crc + 4);
        header.writeUInt32LE(zeros.length, crc + 8);
      }
      return { body, directory, entries: 1, manifest: Buffer.alloc(0), succeeded: 1, errors: [] };
    };
    const ZERO_CRC = crc32(zeros);
    // Each file's bytes travel as a fragment of their own without entries.
    const hole: Fragment = { ...fragmentOf([]), body: zeros, manifest: Buffer.alloc(0) };
    const { pieces, bytes } = await piecesOf(Array.from({ length: 70 }, (_, i) => [writer(i), hole]).flat());
    expect(bytes).toBeGreaterThan(2 ** 32);
    const zip = await openVirtual(pieces, bytes);
    const entries = await zipEntriesOf(zip);
    expect(entries.map(({ fileName }) => fileName)).toEqual([
      ...Array.from({ length: 70 }, (_, i) => `codes/${i}.png`),
      'manifest.csv',
    ]);
    const manifest = entries.at(-1);
    if (manifest !== undefined) expect((await zipContentOf(zip, manifest)).toString()).toBe('id,file,sha256,data\r\n');
    const path = join(folder, 'large.zip');
    const file = await open(path, 'w');
    let at = 0;
    for (const piece of pieces) {
      if (piece !== zeros) await file.write(piece, 0, piece.length, at);
      at += piece.length;
    }
    await file.close();
    const { count, last } = await python(path, false);
    expect([count, last[0]]).toEqual([71, 'manifest.csv']);
    expect(last[2]).toBeGreaterThan(2 ** 32);
  });
});

/** A file that exists only as its pieces. */
class Pieces extends RandomAccessReader {
  private readonly pieces: readonly Buffer[];

  constructor(pieces: readonly Buffer[]) {
    super();
    this.pieces = pieces;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const found: Buffer[] = [];
    let at = 0;
    for (const piece of this.pieces) {
      const [from, to] = [Math.max(start - at, 0), Math.min(end - at, piece.length)];
      if (from < to) found.push(piece.subarray(from, to));
      at += piece.length;
    }
    return Readable.from(found);
  }
}

const openVirtual = (pieces: readonly Buffer[], bytes: number): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    fromRandomAccessReader(new Pieces(pieces), bytes, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });

describe('a stored fragment', () => {
  it('tells its counts by its last bytes alone', () => {
    const errors = [{ line: 7, id: 'ü', reason: 'r' }];
    const stored = serialise({ ...fragmentOf([['a', Buffer.from('x')]]), errors });
    expect(countsIn(stored.subarray(-FOOTER_BYTES))).toEqual({ succeeded: 1, failed: 1 });
    expect(deserialise(stored).errors).toEqual(errors);
  });

  it('that is cut off or something else is refused', () => {
    const stored = serialise(fragmentOf([['a', Buffer.from('x')]]));
    for (const bytes of [stored.subarray(0, -1), stored.subarray(1), Buffer.alloc(0), Buffer.from('{}')]) {
      expect(() => deserialise(bytes)).toThrow(/not what this project writes/);
    }
    expect(countsIn(Buffer.alloc(FOOTER_BYTES))).toBeUndefined();
  });
});

describe('the time of an entry', () => {
  it('is in UTC to two seconds, and the first that MS-DOS knows where there is none', () => {
    expect(dosTimeOf('2026-11-24T08:09:11Z')).toEqual({
      date: (46 << 9) | (11 << 5) | 24,
      time: (8 << 11) | (9 << 5) | 5,
    });
    for (const at of ['', '1970-01-01T00:00:00Z', '2200-01-01T00:00:00Z'])
      expect(dosTimeOf(at)).toEqual({ date: 33, time: 0 });
  });
});
