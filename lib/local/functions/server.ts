import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../../errors.ts';
import { answer } from './body.ts';

/** Handles a request, or says that it is another's. */
export type Api = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/**
 * Listens on 127.0.0.1 and offers each request to the APIs in turn.
 *
 * @param port 0 takes a free one
 * @returns the server and the port it has
 */
export const listen = async (port: number, apis: readonly Api[]): Promise<{ server: Server; port: number }> => {
  const server = createServer((request, response) => void route(request, response, apis));
  // A runtime's connection is silent while its function works: never close it for that.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address: AddressInfo | string | null = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : port };
};

const route = async (request: IncomingMessage, response: ServerResponse, apis: readonly Api[]): Promise<void> => {
  try {
    for (const api of apis) if (await api(request, response)) return;
    answer(response, 404, { error: `nothing at ${request.method} ${request.url}` });
  } catch (error) {
    if (!response.headersSent) answer(response, 500, { error: messageOf(error) });
    else response.destroy();
  }
};
