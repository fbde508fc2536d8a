import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { PORTS, type Ports, portsFrom } from '../ports.ts';
import type { NativePlace, Service } from '../services/service.ts';

/** A service that has not come up and ended by then is ended by force. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 50;

/**
 * Starts a service on ports nobody has, with more flags before its own, and ends it as soon as it answers.
 *
 * @returns when its process is gone, whether it has answered or not
 */
export const train = async (
  service: Service,
  where: Omit<NativePlace, 'ports'>,
  flags: readonly string[],
): Promise<void> => {
  const place = { ...where, ports: await unusedPorts() };
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
  // Whoever is interrupted here leaves no process behind.
  process.once('exit', kill);
  const patience = setTimeout(kill, PATIENCE_MS);
  try {
    while (!isOver && (await service.probe(place.ports[service.name])) !== undefined) await delay(LOOK_EVERY_MS);
    child.kill('SIGTERM');
    await over;
  } finally {
    clearTimeout(patience);
    process.removeListener('exit', kill);
  }
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
