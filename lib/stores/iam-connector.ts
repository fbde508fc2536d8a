import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { AbstractConnector } from 'ioredis';

/** How connections say who they are. */
export interface Identity {
  readonly user: string;
  /** Signs a new password. */
  readonly token: () => Promise<string>;
}

export interface ConnectorOptions extends Identity {
  readonly isTls: boolean;
  /** Milliseconds for connection, handshake, signature and AUTH together. */
  readonly timeoutMs: number;
}

/** What a connection that is asked to end gets for it, milliseconds. */
const DISCONNECT_MS = 2_000;

/**
 * Makes connections that have said who they are before the client gets them, each with a token of its own: the client's
 * `password` is one for all connections to come, and a token is good for a quarter of an hour.
 */
export const iamConnector = ({
  user,
  token,
  isTls,
  timeoutMs,
}: ConnectorOptions): (new (
  options: unknown,
) => AbstractConnector) =>
  class extends AbstractConnector {
    readonly #place: Place;

    constructor(options: unknown) {
      super(DISCONNECT_MS);
      this.#place = placeIn(options);
    }

    /** What fails is left for the client to find on a stream that is closed already: then it tries again. */
    override async connect(): Promise<Socket> {
      const { host, port } = this.#place;
      const servername = isIP(host) === 0 ? { servername: host } : {};
      const stream = isTls ? tlsConnect({ host, port, ...servername }) : tcpConnect({ host, port });
      this.connecting = true;
      this.stream = stream;
      const late = new Error(`${host}:${port} has let nobody in for ${timeoutMs} ms`);
      const timer = setTimeout(() => stream.destroy(late), timeoutMs);
      try {
        const [, password] = await Promise.all([opened(stream, isTls), token()]);
        await authenticated(stream, user, password);
      } catch (error) {
        this.firstError = error instanceof Error ? error : new Error(String(error));
        stream.destroy();
      } finally {
        clearTimeout(timer);
      }
      return stream;
    }
  };

interface Place {
  readonly host: string;
  readonly port: number;
}

const placeIn = (options: unknown): Place => {
  if (typeof options === 'object' && options !== null && 'host' in options && 'port' in options) {
    const { host, port } = options;
    if (typeof host === 'string') return { host, port: Number(port) };
  }
  throw new TypeError('a connection to Redis needs host and port');
};

/** Settles with the first of these: what is awaited, an error, the end of the stream. */
const settled = (stream: Socket, begin: (done: (fault?: Error) => void) => () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const done = (fault?: Error): void => {
      undo();
      // The listener for errors stays: one without any listener would end the process.
      stream.off('close', closed);
      if (fault === undefined) resolve();
      else reject(fault);
    };
    const closed = (): void => done(new Error('Connection is closed.'));
    stream.once('error', done);
    stream.once('close', closed);
    const undo = begin(done);
  });

const opened = (stream: Socket, isTls: boolean): Promise<void> => {
  const event = isTls ? 'secureConnect' : 'connect';
  return settled(stream, (done) => {
    const open = (): void => done();
    stream.once(event, open);
    return () => stream.off(event, open);
  });
};

/** A command as the protocol wants it: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
const encoded = (...words: readonly string[]): string =>
  [`*${words.length}`, ...words.flatMap((word) => [`$${Buffer.byteLength(word)}`, word]), ''].join('\r\n');

/** @throws Error with what the server says against it */
const authenticated = (stream: Socket, user: string, password: string): Promise<void> =>
  settled(stream, (done) => {
    let answer = '';
    const read = (chunk: Buffer): void => {
      answer += chunk.toString('utf8');
      if (answer.endsWith('\r\n')) done(answer.startsWith('+') ? undefined : new Error(answer.slice(1).trim()));
    };
    stream.on('data', read);
    stream.write(encoded('AUTH', user, password));
    return () => stream.off('data', read);
  });
