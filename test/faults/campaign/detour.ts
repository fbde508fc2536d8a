import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What happens to a request on its way to the store. */
export type Fate =
  | { readonly kind: 'passes' }
  | { readonly kind: 'late'; readonly ms: number }
  /** The store says that it cannot now; it has done nothing. */
  | { readonly kind: 'refused'; readonly status: number }
  /** The store has done it, and the connection breaks before it can say so. */
  | { readonly kind: 'unanswered' };

const PASSES: Fate = { kind: 'passes' };

/** An HTTP proxy between the functions and the object store, which a fault can make slow or broken. */
export class Detour {
  readonly #server: Server;
  readonly url: string;
  /** Where the store is, once that is known. */
  target = '';
  /** Asked for each request. */
  fateOf: () => Fate = () => PASSES;
  /** Requests that did not just pass. */
  disturbed = 0;

  private constructor(server: Server) {
    this.#server = server;
    const address: AddressInfo | string | null = server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  static async open(): Promise<Detour> {
    let detour: Detour | undefined;
    const server = createServer((incoming, answer) => void detour?.serve(incoming, answer));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    detour = new Detour(server);
    return detour;
  }

  /** Lets everything pass again. */
  clear(): void {
    this.fateOf = () => PASSES;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async serve(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const fate = this.fateOf();
    if (fate.kind !== 'passes') this.disturbed += 1;
    if (fate.kind === 'late') await delay(fate.ms);
    if (fate.kind === 'refused') {
      incoming.resume();
      answer
        .writeHead(fate.status, { 'Content-Type': 'application/xml', 'Retry-After': '0' })
        .end('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>');
      return;
    }
    const { host } = new URL(this.target);
    const outgoing = request(
      new URL(incoming.url ?? '/', this.target),
      { method: incoming.method, headers: { ...incoming.headers, host } },
      (response) => {
        if (fate.kind === 'unanswered') {
          response.resume().once('end', () => answer.destroy());
          return;
        }
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    outgoing.once('error', () => answer.destroy());
    incoming.pipe(outgoing);
  }
}
