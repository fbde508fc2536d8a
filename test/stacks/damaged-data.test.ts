import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestsIn } from '../support/digests.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';

/** A stopped stack with data, a copy of them, and damage of every kind done to the data. */

const TOPIC = 'kept-topic';
const METADATA = join('kafka', 'logs', '__cluster_metadata-0', '00000000000000000000.log');
const PROPERTIES = join('kafka', 'logs', 'meta.properties');

let stack: OwnStack;
let copy: string;
const data = (...names: readonly string[]): string => join(stack.dataDir, 'data', ...names);

beforeAll(async () => {
  stack = await ownStack('damaged');
  await stack.start();
  await stack.cli.run('create-topic', TOPIC, '2', '-1');
  await stack.cli.run('test-message', TOPIC, '{"kept":true}');
  expect((await stack.cli.run('stop')).code).toBe(0);
  copy = await mkdtemp(join(tmpdir(), 'qr-copy-'));
  await copied(data(), copy);
});
afterAll(async () => {
  await stack.dispose();
  await rm(copy, { recursive: true, force: true });
});

/** With their holes: a broker reserves gigabytes for its indices. */
const copied = (from: string, to: string) => promisify(execFile)('cp', ['-a', '--sparse=always', `${from}/.`, to]);

const putBack = async (): Promise<void> => {
  await rm(data(), { recursive: true });
  await mkdir(data());
  await copied(copy, data());
};

/** Bytes in the middle of a file, written over. */
const scratch = async (path: string): Promise<void> => {
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(64, 0xa5), 0, 64, Math.floor(size / 2));
  await file.close();
};

const DAMAGE: Readonly<Record<string, { readonly does: () => Promise<void>; readonly says: string }>> = {
  'a metadata log with other bytes in its middle': {
    does: () => scratch(data(METADATA)),
    says: 'Kafka has damaged data in {data}/kafka: the metadata log of the cluster is damaged',
  },
  'a metadata log that was cut': {
    does: async () => truncate(data(METADATA), 2_000),
    says: 'Kafka has damaged data in {data}/kafka: the metadata log of the cluster has lost its end: it no longer knows ',
  },
  'a metadata log that is gone': {
    does: () => rm(data('kafka', 'logs', '__cluster_metadata-0'), { recursive: true }),
    says: 'the metadata log of the cluster is missing',
  },
  'no meta.properties': { does: () => rm(data(PROPERTIES)), says: 'meta.properties is missing' },
  'a meta.properties of which half is gone': {
    does: async () =>
      writeFile(data(PROPERTIES), (await readFile(data(PROPERTIES), 'utf8')).replace(/directory\.id=.*/, '')),
    says: 'meta.properties does not have directory.id',
  },
  'a registry without its file': {
    does: () => rm(data('schema-registry', 'registry.mv.db')),
    says: 'Schema registry has damaged data in {data}/schema-registry: registry.mv.db is missing',
  },
};

describe('start, with damaged data', () => {
  it.each(Object.entries(DAMAGE))('is refused before anything is started or changed: %s', async (_, { does, says }) => {
    await does();
    const before = await digestsIn(data());
    const { code, out, err } = await stack.cli.run('start', '--engine', 'native');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(says.replace('{data}', data()));
    expect(err).toMatch(
      /Nothing was changed\. Put that folder back from a copy.*restore --data-dir \S+ BACKUP --replace/,
    );
    expect(stack.processes()).toEqual([]);
    expect(await digestsIn(data())).toEqual(before);
    await putBack();
  });

  it('of Redis is refused with its own last words, and the rest is as it was once it is moved aside', async () => {
    await scratch(data('redis', 'appendonly.aof'));
    const refused = await stack.cli.run('start', '--engine', 'native');
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining(`Redis has damaged data in ${data('redis')}: appendonly.aof cannot be read`),
    });
    expect(refused.err).toContain('./stream-manager.sh repair --data-dir');
    await stack.cli.run('stop');
    await putBack();
  });

  it('comes up once they are put back, with every record', async () => {
    await stack.start();
    const { out } = await stack.cli.run('consume', TOPIC, '--until-end', '--json');
    expect(JSON.parse(out).value).toEqual({ kept: true });
  });
});
