import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PORTS, type Ports, portsFrom } from '../ports.ts';
import type { NativePlace, NativeService, Service } from '../services/service.ts';

/** A service that has not come up and ended by then is ended by force, and what it was to leave is not to be trusted. */
const PATIENCE_MS = 180_000;
const LOOK_EVERY_MS = 50;

/**
 * Starts a service on ports nobody has, with more flags before its own, and ends it as soon as it answers.
 *
 * @param beside services that run meanwhile
 * @returns when its process is gone, whether it has answered or not
 * @throws Error when it had to be ended by force
 */
export const train = async (
  service: NativeService,
  beside: readonly NativeService[],
  where: Omit<NativePlace, 'ports'>,
  flags: readonly string[],
): Promise<void> => {
  const ports = await unusedPorts();
  const children: Child[] = [];
  try {
    for (const each of beside) {
      const data = join(where.data, `beside-${each.name}`);
      await mkdir(data);
      const child = await begin(each, { ...where, data, ports }, []);
      children.push(child);
      await answered(child, each, ports);
    }
    const child = await begin(service, { ...where, ports }, flags);
    children.push(child);
    await answered(child, service, ports);
  } finally {
    for (const child of children.reverse()) await child.end();
  }
  // Ended in the middle of writing an archive, it leaves half of one.
  if (children.some(({ isForced }) => isForced())) throw new Error(`${service.title} took too long.`);
};

/** A process under way. */
interface Child {
  readonly isOver: () => boolean;
  /** Whether it was ended by force, because it took too long. */
  readonly isForced: () => boolean;
  /** Asks it to end and waits until it is gone. */
  readonly end: () => Promise<void>;
}

const begin = async (service: NativeService, place: NativePlace, flags: readonly string[]): Promise<Child> => {
  await service.native.prepare?.(place);
  const { program, args, env } = await service.native.command(place);
  const child = spawn(program, [...flags, ...args], {
    cwd: place.data,
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    const end = () => {
      isOver = true;
      resolve();
    };
    child.once('error', end);
    child.once('exit', end);
  });
  const kill = () => child.kill('SIGKILL');
  let wasForced = false;
  // Whoever is interrupted here leaves no process behind.
  process.once('exit', kill);
  const patience = setTimeout(() => {
    wasForced = true;
    kill();
  }, PATIENCE_MS);
  return {
    isOver: () => isOver,
    isForced: () => wasForced,
    end: async () => {
      child.kill(service.native.stopSignal ?? 'SIGTERM');
      await over;
      clearTimeout(patience);
      process.removeListener('exit', kill);
    },
  };
};

const answered = async ({ isOver }: Child, { name, probe }: Service, ports: Ports): Promise<void> => {
  while (!isOver() && (await probe(ports[name])) !== undefined) await delay(LOOK_EVERY_MS);
};

const listening = (): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

const unusedPorts = async (): Promise<Ports> => {
  const variables = Object.values(PORTS).map(({ variable }) => variable);
  const servers = await Promise.all(variables.map(listening));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' ? address?.port : undefined;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return portsFrom(0, Object.fromEntries(variables.map((variable, i) => [variable, String(ports[i])])));
};
