import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { messageOf } from '../../errors.ts';
import { consoleSettings, isLoopback } from '../../local/console/settings.ts';
import { portsFrom } from '../../local/ports.ts';
import { consoleApp } from './app.ts';
import { pageFiles } from './page-files.ts';

const LOOPBACK = '127.0.0.1';
const EVERYWHERE = ['0.0.0.0', '::'];

const log = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);

/**
 * The process of the console. Environment: the ports of its stack, QR_DATA_DIR, QR_CONSOLE_PAGE (folder of the bundled
 * page), QR_CONSOLE_UI (`1`: listens on the port of a container's user interface as well, when it is free), and those of
 * ConsoleSettings.
 */
const main = async (): Promise<void> => {
  const { env } = process;
  const access = consoleSettings(env);
  const ports = portsFrom(undefined, env);
  const page = await pageFiles(env.QR_CONSOLE_PAGE ?? '');
  const app = consoleApp(
    { access, stack: async () => (await import('../../local/stack.ts')).openStack({ env }) },
    page,
  );
  const servers = [await listening(app, LOOPBACK, ports.console)];
  if (!isLoopback(access.address)) {
    // Listening everywhere takes the loopback address in.
    if (EVERYWHERE.includes(access.address)) await closed(servers.splice(0));
    servers.push(await listening(app, access.address, ports.console));
  }
  if (env.QR_CONSOLE_UI === '1') {
    const second = await listening(app, LOOPBACK, ports['kafka-ui']).catch(() => undefined);
    if (second !== undefined) servers.push(second);
    else log(`port ${ports['kafka-ui']} is taken, so the console is on ${ports.console} only`);
  }
  log(`console on http://${access.address}:${ports.console}`);
  const stop = async (): Promise<void> => {
    await closed(servers);
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
};

const listening = ({ fetch }: Hono, hostname: string, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createAdaptorServer({ fetch });
    if (!('closeAllConnections' in server)) return reject(new Error('a server of another protocol'));
    server.once('error', reject);
    server.listen(port, hostname, () => resolve(server));
  });

/** Streams to browsers never end by themselves. */
const closed = async (servers: readonly Server[]): Promise<void> => {
  for (const server of servers) {
    const ended = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await ended;
  }
};

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
