import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Daemon } from '../../../lib/local/native/daemon.ts';
import { nativeEngine } from '../../../lib/local/native/engine.ts';
import { packageFolder } from '../../../lib/local/packages/index.ts';
import { packagesFolder, stackPaths } from '../../../lib/local/paths.ts';
import { portsFrom } from '../../../lib/local/ports.ts';
import { postgres } from '../../../lib/local/services/postgres.ts';
import { freePortVariables } from '../../support/ports.ts';
import { childrenOf, isRunning } from '../../support/processes.ts';
import { until } from '../../support/until.ts';

const nameOf = (pid: number): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8');

it.skipIf(process.platform !== 'linux')(
  'processes of a PostgreSQL that was killed are known to be left, and a wipe waits for them',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'qr-postgres-'));
    const paths = stackPaths(root, {});
    const packages = packagesFolder();
    const ports = portsFrom(undefined, await freePortVariables());
    const data = join(paths.data, 'postgres');
    await mkdir(data, { recursive: true });
    const place = { ports, data, packageFolder: (name: string) => packageFolder(packages, name) };
    await postgres.native?.prepare?.(place);
    const command = await postgres.native?.command(place);
    if (command === undefined) throw new Error('there is no command');
    const server = new Daemon({
      name: 'postgres',
      runFolder: paths.run,
      // Not among the logs of the stack: in a container that may not look at processes of other users, only the memory tells.
      logFile: join(root, 'elsewhere.log'),
    });
    await server.start(command, data);
    const { pid }: { pid: number } = JSON.parse(await readFile(join(paths.run, 'postgres.pid'), 'utf8'));
    const checkpointer = await until('its checkpointer runs', async () => {
      const names = await Promise.all(childrenOf(pid).map(async (child) => ({ child, name: await nameOf(child) })));
      return names.find(({ name }) => name.includes('checkpointer'))?.child;
    });
    onTestFinished(async () => {
      if (isRunning(checkpointer)) process.kill(checkpointer, 'SIGKILL');
      await server.stop(5_000);
      await until('it is gone', () => !isRunning(checkpointer) && !isRunning(pid));
      await rm(root, { recursive: true, force: true });
    });
    await until('it is up', async () => (await postgres.native?.isAtRest?.(data)) === false);

    process.kill(checkpointer, 'SIGSTOP');
    process.kill(pid, 'SIGKILL');
    await until('the server is gone', () => !isRunning(pid));
    const engine = nativeEngine({ paths, ports, packages });
    await engine.stop();
    expect(isRunning(checkpointer)).toBe(true);
    expect(await postgres.native?.isAtRest?.(data)).toBe(false);
    const wipe = engine.wipe();
    process.kill(checkpointer, 'SIGCONT');
    await wipe;
    expect(isRunning(checkpointer)).toBe(false);
  },
);
