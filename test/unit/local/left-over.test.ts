import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from '../../../lib/local/native/daemon.ts';
import { nativeEngine } from '../../../lib/local/native/engine.ts';
import { leftOver, nothingLeft } from '../../../lib/local/native/left-over.ts';
import { type StackPaths, stackPaths } from '../../../lib/local/paths.ts';
import { portsFrom } from '../../../lib/local/ports.ts';
import { isRunning } from '../../support/processes.ts';
import { until } from '../../support/until.ts';

/** Notices that its parent is gone, as a process of PostgreSQL does, and writes once more a second later. */
const CHILD = `
  echo $$ > "$ROOT/child"
  while kill -0 "$PARENT" 2>/dev/null; do sleep 0.05; done
  sleep 1
  echo last > last && echo written > "$ROOT/witness"`;
/** Ends at once when it is asked to; its child is in a session of its own. */
const SERVER = `PARENT=$$ setsid sh -c "$CHILD" & wait`;

let root: string;
let paths: StackPaths;
let data: string;
let service: Daemon;

const child = async (): Promise<number> => Number(await readFile(join(root, 'child'), 'utf8'));
const start = async (program: string): Promise<number> => {
  await service.start({ program: 'sh', args: ['-c', program], env: { CHILD, ROOT: root } }, data);
  return until('its child runs', async () => (await child()) || undefined);
};
const leader = async (): Promise<number> => JSON.parse(await readFile(join(paths.run, 'postgres.pid'), 'utf8')).pid;
const engine = () => nativeEngine({ paths, ports: portsFrom(undefined, {}), packages: root });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'qr-left-over-'));
  paths = stackPaths(root, {});
  data = join(paths.data, 'postgres');
  await mkdir(data, { recursive: true });
  service = new Daemon({ name: 'postgres', runFolder: paths.run, logFile: join(paths.logs, 'postgres.log') });
});
afterEach(async () => {
  const left = await leftOver(paths);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  await until('all are gone', () => left.every((pid) => !isRunning(pid)));
  await rm(root, { recursive: true, force: true });
});

it('a service has stopped once the processes it started have ended as well', async () => {
  const pid = await start(SERVER);
  await service.stop(5_000);
  expect(isRunning(pid)).toBe(false);
  expect(existsSync(join(root, 'witness'))).toBe(true);
});

it('a process that does not end with the service that started it is ended by force', async () => {
  const pid = await start('setsid sh -c \'echo $$ > "$ROOT/child"; while :; do sleep 0.05; done\' & wait');
  await service.stop(200);
  expect(isRunning(pid)).toBe(false);
});

describe.skipIf(process.platform !== 'linux')('after a service was killed, a wipe', () => {
  it('waits for the processes it left behind, and deletes what they have written', async () => {
    await start(SERVER);
    process.kill(await leader(), 'SIGKILL');
    await engine().stop();
    await engine().wipe();
    expect(existsSync(join(root, 'witness'))).toBe(true);
    expect(existsSync(paths.data)).toBe(false);
  });

  it('that waits in vain deletes nothing, and says for whom', async () => {
    const pid = await start('setsid sh -c \'echo $$ > "$ROOT/child"; while :; do sleep 0.05; done\' & wait');
    process.kill(await leader(), 'SIGKILL');
    await expect(nothingLeft(paths, async () => [], 200)).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: expect.stringContaining(`${pid} (sh)`),
      next: expect.stringContaining('stop --wipe'),
    });
    await expect(nothingLeft(paths, async () => ['PostgreSQL'], 0)).rejects.toThrow(/^No data deleted/);
  });
});
