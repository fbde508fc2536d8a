import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { bundleFunctions } from '../../../lib/functions/index.ts';
import { environmentOf } from '../../../lib/settings.ts';
import { openRedis } from '../../../lib/stores/redis.ts';
import { appendUpdate, updatesKey } from '../../../lib/stores/updates.ts';
import { UPDATES_SERVER } from '../../../lib/updates/entry.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';
import { openBrowser, SECRET } from './world.ts';

const { settings } = testStack();

describe('the server of the container', () => {
  it('runs from its bundle, hands updates over, and tells its clients to come back when it is told to end', async () => {
    const outDir = await mkdtemp(join(tmpdir(), 'qr-updates-server-'));
    const [bundle] = await bundleFunctions({ outDir, entries: [UPDATES_SERVER] });
    const child = spawn(process.execPath, [join(bundle?.folder ?? '', 'index.mjs')], {
      env: { ...environmentOf(settings), QR_UPDATES_SECRET: SECRET, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const said: Record<string, unknown>[] = [];
    createInterface(child.stdout).on('line', (line) => said.push(JSON.parse(line)));
    const redis = openRedis(settings);
    const userId = randomUUID();
    try {
      const port = await until('it listens', () => said.find(({ message }) => message === 'listening')?.port);
      const address = `http://127.0.0.1:${port}`;
      const { client, seen, states } = openBrowser(`${address}/updates`, userId);
      await until('it is connected', () => states.includes('open'));
      expect(await (await fetch(`${address}/health`)).json()).toEqual({ status: 'up', connections: 1 });
      expect((await fetch(address)).status).toBe(404);
      await appendUpdate(redis, { userId, type: 'test', id: '1', data: {} });
      await until('it has the update', () => seen.length === 1);
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      await until('the client wants to come back', () => states.filter((state) => state === 'waiting').length > 0);
      client.close();
      expect(said.map(({ message }) => message)).toEqual(['listening', 'closing']);
    } finally {
      child.kill('SIGKILL');
      await redis.del(updatesKey(userId));
      redis.disconnect();
      await rm(outDir, { recursive: true, force: true });
    }
  });

  it('says what is missing where it cannot start', async () => {
    const main = join(import.meta.dirname, '../../../lib/updates/main.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', main], {
      env: { ...process.env, QR_UPDATES_SECRET: '' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(line));
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'ERROR', code: 'PREREQUISITE_MISSING' });
  });
});
