import { type AddressInfo, createServer } from 'node:net';
import { isFree } from '../../lib/local/port-owner.ts';
import { PORTS } from '../../lib/local/ports.ts';

const listening = (): Promise<{ port: number; close: () => Promise<void> }> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      if (typeof address !== 'object' || address === null) return reject(new Error('a server without a port'));
      const close = () => new Promise<void>((closed) => server.close(() => closed()));
      resolve({ port: address.port, close });
    });
  });

/** Ports that were free a moment ago, all different. */
export const freePorts = async (count: number): Promise<number[]> => {
  const servers = await Promise.all(Array.from({ length: count }, listening));
  await Promise.all(servers.map(({ close }) => close()));
  return servers.map(({ port }) => port);
};

/** A free port for a Redis that may be part of a cluster: its bus listens 10,000 above (redis.conf, "cluster-port"). */
export const clusterPort = async (): Promise<number> => {
  for (;;) {
    const [port = 0] = await freePorts(1);
    if (port <= 55_535 && (await isFree(port + 10_000))) return port;
  }
};

/** The variables that put a stack on ports of its own, whatever else runs on the machine. */
export const freePortVariables = async (): Promise<Record<string, string>> => {
  const variables = Object.values(PORTS).map(({ variable }) => variable);
  const ports = await freePorts(variables.length);
  const moved = Object.fromEntries(variables.map((variable, i) => [variable, String(ports[i])]));
  return { ...moved, [PORTS.redis.variable]: String(await clusterPort()) };
};
