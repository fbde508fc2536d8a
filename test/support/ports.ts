import { type AddressInfo, createServer } from 'node:net';
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

/** The variables that put a stack on ports of its own, whatever else runs on the machine. */
export const freePortVariables = async (): Promise<Record<string, string>> => {
  const variables = Object.values(PORTS).map(({ variable }) => variable);
  const ports = await freePorts(variables.length);
  return Object.fromEntries(variables.map((variable, i) => [variable, String(ports[i])]));
};
