import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKafka } from '../../lib/operations/cluster.ts';
import { openObjects } from '../../lib/stores/objects.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import { type Cli, cliWith, type Said } from '../support/cli.ts';
import { digestsIn } from '../support/digests.ts';
import { type Call, everyCommand } from '../support/every-command.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { freePortVariables } from '../support/ports.ts';
import { contentOf } from '../support/redis-content.ts';

/** Two stacks that were given the same ports: one is stopped, the other one runs. */

/** Commands that are not refused on a stopped stack, and why. */
const NOT_REFUSED: Readonly<Record<string, string>> = {
  start: 'brings up the stack of its folder',
  demo: 'starts it first',
  simulate: 'starts it first',
  stop: 'it is stopped already',
  health: 'says that it is not running, with exit code 1',
  logs: 'shows a file of its folder',
  'backup list': 'reads a folder',
  'backup verify': 'reads a folder',
};

let stopped: OwnStack;
let other: OwnStack;
/** The command line of somebody whose shell names the ports of the other stack. */
let cli: Cli;
let calls: readonly Call[];

beforeAll(async () => {
  const ports = await freePortVariables();
  stopped = await ownStack('stopped', {}, ports);
  other = await ownStack('other', {}, ports);
  await stopped.start();
  expect((await stopped.cli.run('stop')).code).toBe(0);
  await other.start();
  await other.cli.run('test-message', 'analytics-events', '{"userId":"u","qrId":"qr-1","action":"scan"}', '--wait');
  // What it does by itself must not be mistaken for what a command has done.
  await other.kill('functions');
  cli = cliWith({ ...ports, QR_DATA_DIR: undefined });
  calls = (await everyCommand(join(stopped.dataDir, '..', 'backup'))).filter(({ path }) => !(path in NOT_REFUSED));
}, 300_000);
afterAll(async () => {
  await stopped.dispose();
  await other.dispose();
});

/** Everything that a command could change in the stack that runs. */
const contentOfOther = async () => {
  const admin = openKafka(other.settings).admin();
  const redis = openRedis(other.settings);
  const objects = openObjects(other.settings);
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter((name) => name !== '__consumer_offsets').sort();
    const { groups } = await admin.listGroups();
    const ids = groups.map(({ groupId }) => groupId).sort();
    // Those with an end of life go by themselves meanwhile.
    const lasting = await Promise.all(
      (await redis.keys('*')).map(async (key) => ((await redis.pttl(key)) < 0 ? [key] : [])),
    );
    const keys = lasting.flat().sort();
    return {
      topics: await Promise.all(topics.map(async (topic) => ({ topic, ends: await admin.fetchTopicOffsets(topic) }))),
      groups: await Promise.all(ids.map(async (groupId) => ({ groupId, at: await admin.fetchOffsets({ groupId }) }))),
      keys: await Promise.all(keys.map(async (key) => [key, await contentOf(redis, key)])),
      objects: await objects.list(''),
      run: await digestsIn(join(other.dataDir, 'run')),
    };
  } finally {
    await admin.disconnect();
    redis.disconnect();
    objects.close();
  }
};

const AT_ONCE = 2;

/** Runs all calls, two at a time, and gives what each said. */
const runAll = async (run: (call: Call) => Promise<Said>): Promise<readonly (Said & { path: string })[]> => {
  const waiting = [...calls];
  const said: (Said & { path: string })[] = [];
  const worker = async (): Promise<void> => {
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
      said.push({ path: call.path, ...(await run(call)) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return said;
};

describe('every command, on a stack that is stopped while another one has its ports', () => {
  it('is refused with one sentence and what to do, and neither stack is changed', async () => {
    const before = { other: await contentOfOther(), stopped: await digestsIn(stopped.dataDir) };
    expect(calls.map(({ path }) => path)).toEqual(expect.arrayContaining(['delete-topic', 'dlq purge', 'restore']));
    const refused = {
      code: 1,
      out: '',
      err: `✗ The stack in ${stopped.dataDir} is not running.\n  Start it: ./stream-manager.sh start --data-dir ${stopped.dataDir}\n`,
    };
    const said = await runAll(({ words }) => cli.run(...words, '--data-dir', stopped.dataDir));
    expect(said.map(({ path, ...rest }) => ({ path, ...rest }))).toEqual(
      said.map(({ path }) => ({ path, ...refused })),
    );
    expect({ other: await contentOfOther(), stopped: await digestsIn(stopped.dataDir) }).toEqual(before);
  }, 900_000);

  it('is refused in a folder where no stack ever was, and makes none', async () => {
    const folder = join(stopped.dataDir, '..', 'never');
    const before = await contentOfOther();
    const some = ['delete-topic', 'stop', 'dlq purge', 'topics'];
    for (const { path, words } of await everyCommand(folder)) {
      if (!some.includes(path)) continue;
      const { code, err } = await cli.run(...words, '--data-dir', folder);
      expect({ path, code, err }).toEqual({
        path,
        code: 1,
        err: `✗ The stack in ${folder} is not running.\n  No stack was ever started there: check the folder, or start one: ./stream-manager.sh start --data-dir ${folder}\n`,
      });
    }
    expect(await contentOfOther()).toEqual(before);
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });

  it('is refused by a stack that died, too, and stop leaves the other one alone', async () => {
    const before = await contentOfOther();
    const { QR_DATA_DIR: _, ...ports } = stopped.env;
    // As a machine that went down leaves it: it says that it is started.
    const run = join(stopped.dataDir, 'run');
    await writeFile(join(run, 'stack.json'), JSON.stringify({ engine: 'native', ports: stopped.ports }));
    const died = cliWith({ ...ports, QR_DATA_DIR: stopped.dataDir });
    const { code, err } = await died.run('delete-topic', 'analytics-events', '--yes');
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining(`in ${stopped.dataDir} is not running`),
    });
    expect((await died.run('stop', '--wipe', '--yes')).code).toBe(0);
    expect(await contentOfOther()).toEqual(before);
  });
});

describe('a stack on ports of its own', () => {
  it('comes up on them the next time, without being told', async () => {
    await other.cli.run('stop');
    const { QR_PORT_KAFKA: port } = other.env;
    const plain = cliWith({ QR_DATA_DIR: other.dataDir });
    expect((await plain.run('start', '--engine', 'native')).code).toBe(0);
    const health = await plain.json<{ services: { name: string; endpoint: string }[] }>('health');
    expect(health.services.find(({ name }) => name === 'kafka')?.endpoint).toBe(`localhost:${port}`);
  });
});
