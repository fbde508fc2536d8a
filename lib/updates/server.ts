import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { openUpdates, type UpdatesOptions } from './app.ts';

/** How long a server that goes down waits for its clients to take what they are still to be told, milliseconds. */
const GRACE_MS = 3_000;

/** A server that does nothing but updates. */
export interface UpdatesServer {
  readonly port: number;
  readonly connections: number;
  /** Tells every client to come back, and ends when all connections are closed. */
  close(): Promise<void>;
}

export interface ServerOptions extends UpdatesOptions {
  /** Any free one where it is 0. */
  readonly port: number;
  /** Address it listens on; all of them unless given, as a container must. */
  readonly host?: string;
}

/**
 * Listens: `/updates`, and `/health` for a load balancer. That is about this process only: were it about Redis as well, an
 * outage of Redis would have all servers replaced, which helps nobody and cuts everybody off.
 *
 * @throws what `listen` fails with
 */
export const serveUpdates = async ({ port, host = '0.0.0.0', ...options }: ServerOptions): Promise<UpdatesServer> => {
  const updates = openUpdates(options);
  const app = new Hono()
    .get('/health', (c) => c.json({ status: 'up', connections: updates.connections }))
    .route('/updates', updates.app)
    .notFound((c) => c.json({ message: 'There is GET /updates, and nothing else.' }, 404));
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, host, listening);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    get connections() {
      return updates.connections;
    },
    close: async () => {
      updates.close();
      const closed = new Promise<void>((done) => server.close(() => done()));
      // Who takes nothing would keep the process from ending.
      const cut = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), GRACE_MS);
      await closed;
      clearTimeout(cut);
    },
  };
};
