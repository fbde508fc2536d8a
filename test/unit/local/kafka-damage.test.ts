import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLogFile } from '../../../lib/kafka/index.ts';
import { batchOf } from '../../../lib/kafka/written-batch.ts';
import { damageOf } from '../../../lib/local/kafka-data/damage.ts';
import { postgres } from '../../../lib/local/services/postgres.ts';
import { schemaRegistry } from '../../../lib/local/services/schema-registry.ts';

const WRITER = { producerId: -1n, producerEpoch: -1, firstSequence: -1, isTransactional: false };

/** A record that makes a topic, as KRaft writes it: frame 1, kind 2, version 0, name, id, no tagged fields. */
const topicRecord = (name: string, id: Buffer): Buffer =>
  Buffer.concat([Buffer.of(1, 2, 0, name.length + 1), Buffer.from(name), id, Buffer.of(0)]);
const removeRecord = (id: Buffer): Buffer => Buffer.concat([Buffer.of(1, 9, 0), id, Buffer.of(0)]);
const idOf = (number: number): Buffer => Buffer.alloc(16, number);

/** Batches of one record each, at these offsets. */
const logOf = async (records: readonly Buffer[], from = 0): Promise<Buffer[]> =>
  Promise.all(
    records.map(async (value, i) => {
      const batch = await batchOf([{ value, key: null }], 0, WRITER);
      batch.writeBigInt64BE(BigInt(from + i), 0);
      return batch;
    }),
  );

let logs: string;
const metadata = (name: string): string => join(logs, '__cluster_metadata-0', name);
const LOG = '00000000000000000000.log';

const partition = async (name: string, id: Buffer): Promise<void> => {
  await mkdir(join(logs, name));
  await writeFile(join(logs, name, 'partition.metadata'), `version: 0\ntopic_id: ${id.toString('base64url')}`);
};

let batches: Buffer[];
beforeEach(async () => {
  logs = await mkdtemp(join(tmpdir(), 'qr-kafka-'));
  await mkdir(join(logs, '__cluster_metadata-0'));
  await writeFile(join(logs, 'meta.properties'), 'node.id=1\ndirectory.id=x\nversion=1\ncluster.id=y\n');
  batches = await logOf([
    topicRecord('orders', idOf(1)),
    topicRecord('old', idOf(2)),
    removeRecord(idOf(2)),
    topicRecord('bills', idOf(3)),
  ]);
  await writeFile(metadata(LOG), Buffer.concat(batches));
  await partition('orders-0', idOf(1));
  await partition('old-0', idOf(2));
  await partition('bills-0', idOf(3));
  await partition('bills-11', idOf(3));
});
afterEach(() => rm(logs, { recursive: true, force: true }));

const rewrite = (change: (bytes: Buffer) => Buffer): Promise<void> =>
  readFile(metadata(LOG)).then((bytes) => writeFile(metadata(LOG), change(bytes)));

describe('the log folder of a broker', () => {
  it('is whole when the metadata know, or have removed, every topic that has partitions', async () => {
    expect(await damageOf(logs)).toBeUndefined();
  });

  it('is whole before its first start', async () => {
    expect(await damageOf(join(logs, 'none'))).toBeUndefined();
  });

  it('is whole when a write was cut off at the end of the metadata log', async () => {
    const [next = Buffer.alloc(0)] = await logOf([topicRecord('late', idOf(4))], 4);
    await rewrite((bytes) => Buffer.concat([bytes, next.subarray(0, -3)]));
    expect(await damageOf(logs)).toBeUndefined();
  });

  it('is damaged when a batch before others is not intact', async () => {
    await rewrite((bytes) => bytes.fill(0xff, (batches[0]?.length ?? 0) + 70, (batches[0]?.length ?? 0) + 74));
    expect(await damageOf(logs)).toBe(`the metadata log of the cluster is damaged: __cluster_metadata-0/${LOG}`);
  });

  it('is damaged when the metadata log has lost its end, and with it topics whose records are there', async () => {
    await rewrite((bytes) => bytes.subarray(0, -(batches[3]?.length ?? 0)));
    expect(await damageOf(logs)).toContain('it no longer knows bills, whose records are there');
    await rewrite(() => Buffer.alloc(0));
    expect(await damageOf(logs)).toContain('it no longer knows bills, old, orders, whose');
  });

  it('is damaged when records between two batches are missing, or between a snapshot and the log', async () => {
    await writeFile(metadata(LOG), Buffer.concat([batches[0] ?? Buffer.alloc(0), ...batches.slice(2)]));
    expect(await damageOf(logs)).toBe('the metadata log of the cluster has a gap at offset 1');
    await writeFile(metadata(LOG), Buffer.concat(await logOf([topicRecord('bills', idOf(3))], 9)));
    await writeFile(metadata('00000000000000000004-0000000001.checkpoint'), Buffer.concat(batches));
    expect(await damageOf(logs)).toBe('the metadata log of the cluster has a gap at offset 4');
  });

  it('is whole when a snapshot has what the log no longer has, and damaged when the snapshot is not intact', async () => {
    const snapshot = metadata('00000000000000000004-0000000001.checkpoint');
    await writeFile(metadata(LOG), '');
    await writeFile(snapshot, Buffer.concat(batches));
    expect(await damageOf(logs)).toBeUndefined();
    await writeFile(snapshot, Buffer.concat(batches).subarray(0, -1));
    expect(await damageOf(logs)).toContain(
      'is damaged: __cluster_metadata-0/00000000000000000004-0000000001.checkpoint',
    );
  });

  it('is damaged without what the broker must know of itself', async () => {
    await writeFile(join(logs, 'meta.properties'), 'node.id=1\nversion=1\ncluster.id=y\n');
    expect(await damageOf(logs)).toBe('meta.properties does not have directory.id');
    await rm(join(logs, 'meta.properties'));
    expect(await damageOf(logs)).toBe('meta.properties is missing, beside partitions that were written');
  });

  it('is damaged without its metadata log', async () => {
    await rm(join(logs, '__cluster_metadata-0'), { recursive: true });
    expect(await damageOf(logs)).toBe('the metadata log of the cluster is missing');
  });

  it('is only read', async () => {
    const before = await readdir(logs, { recursive: true });
    await rewrite((bytes) => bytes.fill(1, 200, 300));
    await damageOf(logs);
    expect(await readdir(logs, { recursive: true })).toEqual(before);
  });
});

describe('a file of batches', () => {
  it('ends where the first is not intact, and tells whether others follow', () => {
    const all = Buffer.concat(batches);
    expect(readLogFile(all)).toMatchObject({ left: 0, goesOn: false });
    expect(readLogFile(all.subarray(0, -1)).batches).toHaveLength(3);
    expect(readLogFile(all.subarray(0, -1)).goesOn).toBe(false);
    const broken = Buffer.from(all).fill(0, 0, 61);
    expect(readLogFile(broken)).toMatchObject({ batches: [], left: all.length, goesOn: true });
  });
});

describe('other services', () => {
  it('have damaged data where files are missing that were there', async () => {
    const registry = schemaRegistry.native?.damage;
    expect(await registry?.(logs, false)).toBeUndefined();
    expect(await registry?.(logs, true)).toBe('registry.mv.db is missing');
    const database = postgres.native?.damage;
    expect(await database?.(logs, false)).toBeUndefined();
    expect(await database?.(logs, true)).toBe('the database’s files are missing');
    await mkdir(join(logs, 'db', 'base'), { recursive: true });
    await writeFile(join(logs, 'db', 'PG_VERSION'), '18');
    expect(await database?.(logs, false)).toBe('the database has no global/pg_control, pg_wal');
  });
});
