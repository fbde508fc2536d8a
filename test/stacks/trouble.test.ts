import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOPICS } from '../../lib/catalog/index.ts';
import { begin, cliWith } from '../support/cli.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { isRunning, listens, servicePids } from '../support/processes.ts';
import { testStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const shared = testStack();

let stack: OwnStack;
beforeAll(async () => {
  stack = await ownStack();
});
afterAll(() => stack.dispose());

const listening = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

/** A folder to be the whole PATH, with these programs out of the present one. */
const pathOf = async (programs: readonly string[]): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-path-'));
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const program of programs) {
    for (const candidate of folders.map((each) => join(each, program))) {
      const isThere = await access(candidate).then(
        () => true,
        () => false,
      );
      if (!isThere) continue;
      await symlink(candidate, join(folder, program));
      break;
    }
  }
  return folder;
};

/** Every process of the stack, services and functions alike, ended at once. */
const crash = async (): Promise<void> => {
  for (const pid of stack.processes()) process.kill(pid, 'SIGKILL');
  await until('all are gone', () => stack.processes().length === 0);
};

describe('a start that cannot be', () => {
  it('tells who holds a port, and leaves nothing half-started', async () => {
    const server = await listening(stack.ports.redis);
    const { code, out, err } = await stack.cli.run('start', '--engine', 'native');
    server.close();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`Redis needs port ${stack.ports.redis}, which process ${process.pid} (`);
    expect(err).toContain(`QR_PORT_REDIS=${stack.ports.redis + 1_000}`);
    expect(stack.processes()).toEqual([]);
    expect(JSON.parse((await stack.cli.run('health', '--json')).out)).toMatchObject({ engine: null });
  });

  it('says in one sentence which programs to install', async () => {
    const without = async (programs: readonly string[], packages: string | undefined) => {
      const path = await pathOf(['bash', 'node', 'dirname', 'readlink', 'env', ...programs]);
      const env = { ...stack.env, PATH: path, QR_PACKAGES_DIR: packages };
      const said = await begin(process.execPath, ['bin/stream-manager.mjs', 'start', '--engine', 'native'], { env })
        .ended;
      await rm(path, { recursive: true });
      return said;
    };
    const none = join(stack.dataDir, '..', 'no-packages');
    const java = await without([], process.env.QR_PACKAGES_DIR);
    const all = await without(['java'], none);
    expect(java).toMatchObject({ code: 1, out: '' });
    expect(java.err).toMatch(
      /^✗ The native stack needs what is not here or too old: java[^\n]*\.\n {2}Install Java 17/,
    );
    expect(all).toMatchObject({ code: 1, out: '' });
    expect(all.err).toMatch(
      /not here or too old: mvn, python3, npm\.\n {2}Install Maven .* Install Python 3\.10 or newer with venv .* Install npm/,
    );
    expect(stack.processes()).toEqual([]);
  });
});

describe('a start that was interrupted', () => {
  it('is taken up by the next one, which leaves what runs alone', async () => {
    const running = stack.cli.begin('start', '--engine', 'native');
    // Redis is up long before Kafka is.
    await until('something runs', () => running.said().err.includes('redis'));
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    const begun = servicePids(stack.dataDir);
    expect(begun.get('redis')).toBeDefined();
    expect([...begun.values()].filter(isRunning).length).toBeGreaterThan(0);
    await stack.start();
    expect(stack.pid('redis')).toBe(begun.get('redis'));
    expect((await stack.cli.run('health')).code).toBe(0);
  });
});

describe('two stacks', () => {
  it('live side by side and know nothing of each other', async () => {
    const topic = `only-here-${process.pid}`;
    await stack.cli.run('create-topic', topic, '1', '-1');
    const other = cliWith({ QR_DATA_DIR: shared.dataDir });
    const there = await other.json<{ name: string }[]>('topics');
    const here = await stack.cli.json<{ name: string }[]>('topics');
    expect(here).toHaveLength(TOPICS.length + 1);
    expect(there.map(({ name }) => name)).not.toContain(topic);
  });
});

describe('a stack whose machine went down', () => {
  it('is shown as failed, and start brings it up with its data, whatever files are left', async () => {
    const topic = `only-here-${process.pid}`;
    await crash();
    // Numbers of processes are given out again: this one belongs to somebody else now.
    const bystander = spawn('sleep', ['300'], { stdio: 'ignore', detached: true });
    const redisFile = join(stack.dataDir, 'run', 'redis.pid');
    const stale: { started: string } = JSON.parse(await readFile(redisFile, 'utf8'));
    await writeFile(redisFile, JSON.stringify({ pid: bystander.pid, started: stale.started }));
    await writeFile(join(stack.dataDir, 'run', 'lock'), JSON.stringify({ pid: bystander.pid, started: stale.started }));
    await writeFile(join(stack.dataDir, 'run', 'aws.pid'), '{"pid":');

    const sick = await stack.cli.run('health', '--json');
    expect(sick.code).toBe(1);
    const { services }: { services: { name: string; state: string }[] } = JSON.parse(sick.out);
    expect(services.find(({ name }) => name === 'redis')?.state).toBe('failed');
    expect(services.find(({ name }) => name === 'kafka')?.state).toBe('failed');

    await stack.start();
    expect((await stack.cli.run('describe-topic', topic)).code).toBe(0);
    expect(bystander.pid !== undefined && isRunning(bystander.pid)).toBe(true);

    // And stop ends only what is its own.
    const own = stack.pid('redis');
    await writeFile(redisFile, JSON.stringify({ pid: bystander.pid, started: stale.started }));
    expect((await stack.cli.run('stop')).code).toBe(0);
    expect(bystander.pid !== undefined && isRunning(bystander.pid)).toBe(true);
    expect(isRunning(own)).toBe(true);
    process.kill(own, 'SIGKILL');
    bystander.kill('SIGKILL');
    await until('the ports are free', async () => !(await listens(stack.ports.kafka)));
    expect(stack.processes()).toEqual([]);
  });

  it('does not wait for a lock without content, as a full disk leaves one', async () => {
    await mkdir(join(stack.dataDir, 'run'), { recursive: true });
    await writeFile(join(stack.dataDir, 'run', 'lock'), '');
    expect((await stack.cli.run('stop')).code).toBe(0);
  });
});
