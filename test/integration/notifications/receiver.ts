import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

/** A webhook as it arrived. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a receiver answers; without a call of `end` it never does. */
export type Answering = (response: ServerResponse) => void;

/** @param status HTTP status of the answer */
export const answer =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Answering =>
  (response) => {
    response.writeHead(status, headers);
    response.end(body);
  };

/** A webhook endpoint on the loopback interface: each path answers as it is told to. */
export const openReceiver = async () => {
  const received: Received[] = [];
  const answers = new Map<string, Answering[]>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      const path = request.url ?? '';
      received.push({ path, headers: request.headers, body });
      const queue = answers.get(path) ?? [];
      const next = queue.length > 1 ? queue.shift() : queue[0];
      (next ?? answer(200))(response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a server without a port');
  const host = `127.0.0.1:${address.port}`;
  return {
    host,
    port: address.port,
    url: (path: string) => `http://${host}${path}`,
    /** The next answers of a path; the last one stays. */
    answers: (path: string, ...list: readonly Answering[]) => answers.set(path, [...list]),
    at: (path: string): readonly Received[] => received.filter((one) => one.path === path),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
};
