import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lettersIn } from '../../../handlers/dead-letter-queue/shapes.ts';
import { stackPaths } from '../../../lib/local/paths.ts';
import {
  createBackup,
  obstaclesTo,
  openPlace,
  planRestore,
  restoreBackup,
} from '../../../lib/operations/backup/index.ts';
import { browse } from '../../../lib/operations/browse/index.ts';
import { describeTimedGroup } from '../../../lib/operations/lag.ts';
import { type LogRecord, readTopic } from '../../../lib/operations/reader.ts';
import { readable } from '../../../lib/operations/records.ts';
import { valueDecoder } from '../../../lib/operations/values/decoder.ts';
import { DEAD_LETTERS, hosted, numbered, Scene } from '../../support/hosted.ts';
import { runPython } from '../../support/python.ts';
import { testStack } from '../../support/stack.ts';

const scene = new Scene();
const { settings } = scene;
const { dataDir } = testStack();
const bombed = hosted('reports', { partitions: 2 });
const damaged = hosted('reports', { partitions: 2 });

beforeAll(() => scene.open([bombed, damaged]));
afterAll(() => scene.close());

const recordsOf = async (topic: string): Promise<readonly LogRecord[]> => {
  const found: LogRecord[] = [];
  await readTopic(settings, topic, { from: 'beginning', untilEnd: true }, (record) => found.push(record));
  return found;
};

/** The dead letters of a topic, as their function understands them. */
const lettersOf = async (topic: string) => {
  const found = await Promise.all(
    (await recordsOf(DEAD_LETTERS)).map((record) => lettersIn({ ...record }, { read: async () => [] })),
  );
  return found.flat().filter(({ letter }) => letter.topic === topic);
};

it('batches that open to 160 MiB go to the dead-letter queue with their bytes; their partition and the others move on', async () => {
  await runPython('test/python/write_records.py', [settings.brokers.join(','), bombed.name, 'bombs']);
  await scene.send(bombed, 1, numbered(3));
  const host = await scene.host([bombed]);
  try {
    await scene.untilCommitted(bombed, 5, 3);
    expect((await scene.seen(bombed)).map(({ partition, offset }) => `${partition}/${offset}`).sort()).toEqual([
      '0/0',
      '0/2',
      '0/4',
      '1/0',
      '1/1',
      '1/2',
    ]);
    const group = await describeTimedGroup(settings, bombed.consumerGroup);
    expect(group).toMatchObject({ lag: 0, oldestUnread: null });
    const batches = (await recordsOf(bombed.name)).filter(({ undecodable }) => undecodable !== undefined);
    const letters = (await lettersOf(bombed.name)).sort((a, b) => a.letter.offset - b.letter.offset);
    expect(letters).toHaveLength(2);
    for (const [i, { letter, original }] of letters.entries()) {
      expect(letter).toMatchObject({ partition: 0, offset: 2 * i + 1, code: 'UNDECODABLE_BATCH', redrivable: false });
      expect(letter.message).toMatch(
        /^The batch with the offsets \d to \d cannot be decoded: it opens to more than 128 MiB\.$/,
      );
      expect(original.value?.equals(batches[i]?.value ?? Buffer.alloc(0))).toBe(true);
    }
  } finally {
    await host.stop();
  }
});

it('a byte that was changed on the disk of a broker costs its batch, and every reader goes on behind it', async () => {
  for (const n of [0, 1, 2]) await scene.send(damaged, 0, numbered(1, n));
  const log = join(stackPaths(dataDir).data, 'kafka', 'logs', `${damaged.name}-0`, '00000000000000000000.log');
  const file = await open(log, 'r+');
  try {
    const { size } = await file.stat();
    const [at, byte] = [Math.floor(size / 2) + 20, Buffer.alloc(1)];
    await file.read(byte, 0, 1, at);
    await file.write(Buffer.from([byte.readUInt8(0) ^ 0xff]), 0, 1, at);
  } finally {
    await file.close();
  }
  const shown = await Promise.all((await recordsOf(damaged.name)).map((one) => readable(one, valueDecoder(settings))));
  expect(shown.map(({ offset, problem }) => [offset, problem])).toEqual([
    [0, null],
    [1, expect.stringMatching(/offsets 1 to 1 cannot be decoded: its checksum is wrong/)],
    [2, null],
  ]);
  const page = await browse(settings, { topic: damaged.name, order: 'newest', limit: 10 }, AbortSignal.timeout(10_000));
  expect(page.records.map(({ offset }) => offset)).toEqual([2, 1, 0]);
  const host = await scene.host([damaged]);
  try {
    await scene.untilCommitted(damaged, 3);
    expect((await scene.seen(damaged)).map(({ offset }) => offset)).toEqual([0, 2]);
    expect((await lettersOf(damaged.name)).map(({ letter }) => [letter.offset, letter.code])).toEqual([
      [1, 'UNDECODABLE_BATCH'],
    ]);
  } finally {
    await host.stop();
  }
});

it('it goes into a backup with its bytes, and is a gap in what is restored; the records around it keep their offsets', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-undecodable-'));
  const place = openPlace(folder, settings);
  const onProgress = () => undefined;
  const topics = [damaged.name];
  try {
    const { manifest, copied, undecodable } = await createBackup(settings, place, {
      ...{ topics, parts: [], onProgress },
      quietly: async (work) => ({ result: await work(), wasQuiet: false }),
    });
    expect([copied, undecodable]).toEqual([3, 1]);
    expect(await obstaclesTo(place, manifest, settings, onProgress)).toEqual([]);
    const plan = await planRestore(settings, place, manifest, { topics, parts: [] });
    const restored = await restoreBackup(settings, place, manifest, plan, {
      topics,
      parts: [],
      replace: true,
      onProgress,
    });
    expect(restored).toMatchObject({ records: 2, leftOut: 1 });
    expect((await recordsOf(damaged.name)).map(({ offset }) => offset)).toEqual([0, 2]);
  } finally {
    place.close();
    await rm(folder, { recursive: true });
  }
});
