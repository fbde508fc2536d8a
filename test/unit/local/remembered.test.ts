import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from '../../../lib/local/native/identity.ts';
import { stackPaths } from '../../../lib/local/paths.ts';
import { portsFrom } from '../../../lib/local/ports.ts';
import { readRemembered, writeRemembered } from '../../../lib/local/remembered.ts';
import { openStack } from '../../../lib/local/stack.ts';
import { writeState } from '../../../lib/local/state.ts';
import { freePortVariables } from '../../support/ports.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'qr-remembered-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const started = async (env: NodeJS.ProcessEnv): Promise<void> => {
  await writeState(stackPaths(dataDir), { engine: 'native', ports: portsFrom(undefined, env) });
};

const runs = (name: string): Promise<void> =>
  writeFile(join(stackPaths(dataDir).run, `${name}.pid`), JSON.stringify(identityOf(process.pid)));

describe('the ports of a folder', () => {
  it('are those of its last start, whatever a shell exports', async () => {
    const ports = portsFrom(2_300, {});
    await writeRemembered(stackPaths(dataDir), { ports });
    const { settings, ...stack } = await openStack({ dataDir, env: { QR_PORT_OFFSET: '100', QR_PORT_REDIS: '7000' } });
    expect(stack.ports).toEqual(ports);
    expect(settings).toMatchObject({
      brokers: [`127.0.0.1:${ports.kafka}`],
      redisUrl: `redis://127.0.0.1:${ports.redis}`,
    });
  });

  it('are those of the environment where there were none yet, or a file cannot be read', async () => {
    const env = { QR_PORT_OFFSET: '100' };
    expect((await openStack({ dataDir, env })).ports).toEqual(portsFrom(100, {}));
    await mkdir(stackPaths(dataDir).run, { recursive: true });
    await writeFile(stackPaths(dataDir).remembered, '{"ports":{"kafka":"many"');
    expect(await readRemembered(stackPaths(dataDir))).toBeUndefined();
    expect((await openStack({ dataDir, env })).ports).toEqual(portsFrom(100, {}));
  });
});

describe('a stack that a command is to act on', () => {
  it('is refused in a folder where none was ever started, and none is made there', async () => {
    const stack = await openStack({ dataDir: join(dataDir, 'none'), env: {} });
    expect(stack.wasStarted).toBe(false);
    await expect(stack.requireRunning()).rejects.toMatchObject({
      code: 'REFUSED',
      message: `The stack in ${join(dataDir, 'none')} is not running.`,
      next: expect.stringContaining('No stack was ever started there'),
    });
  });

  it('is refused when it was stopped', async () => {
    await writeRemembered(stackPaths(dataDir), { ports: portsFrom(100, {}) });
    const stack = await openStack({ dataDir, env: {} });
    expect(stack.wasStarted).toBe(true);
    await expect(stack.requireRunning()).rejects.toMatchObject({
      message: `The stack in ${dataDir} is not running.`,
      next: 'Start it: ./stream-manager.sh start',
    });
  });

  it('is refused when it says that it is started and none of its processes is there', async () => {
    await started({});
    await expect((await openStack({ dataDir, env: {} })).requireRunning()).rejects.toThrow('is not running');
  });

  it('is refused when another process has the port of one that has ended, and taken when nothing has', async () => {
    const env = await freePortVariables();
    await started(env);
    await runs('redis');
    const stack = await openStack({ dataDir, env: {} });
    await stack.requireRunning();
    const other = createServer();
    await new Promise<void>((listening) => other.listen(stack.ports.kafka, '127.0.0.1', listening));
    try {
      await expect(stack.requireRunning()).rejects.toMatchObject({
        code: 'REFUSED',
        message: `Kafka of the stack in ${dataDir} has ended, and process ${process.pid} has its port ${stack.ports.kafka}.`,
      });
    } finally {
      await new Promise((closed) => other.close(closed));
    }
  });
});
