import { type LookupAddress, lookup } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './ip-rules.ts';
import { hostOf } from './url-rules.ts';

/** What came of a request: an answer, none, or that it was not even tried. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | undefined }
  /** `reason`: a word or code that may be shown to anybody. */
  | { readonly kind: 'silent'; readonly reason: string }
  | { readonly kind: 'forbidden' };

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the whole of it, name service and answer included. */
  readonly timeoutMs: number;
  /** Whether it may lead to an address that is not public. */
  readonly anyAddress: boolean;
  readonly signal: AbortSignal;
  readonly resolve?: Resolve;
}

/** Asks the name service for all addresses of a name. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

/** An answer's body says nothing to us; so much of it is read that the other side can end it in peace. */
const BODY_BYTES = 16 * 1_024;
/** And so long it is waited for, milliseconds. */
const BODY_MS = 1_000;

/** The name leads to an address that is not public. */
class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

const resolveAll: Resolve = (name) =>
  new Promise((done, failed) =>
    lookup(name, { all: true }, (error, addresses) => (error === null ? done(addresses) : failed(error))),
  );

/**
 * A lookup for the connection itself: the addresses it answers are those the socket connects to, so that a name cannot
 * mean one address when it is checked and another when it is used. One address that is not public condemns the name.
 */
export const checkedLookup =
  (anyAddress: boolean, resolve: Resolve = resolveAll): LookupFunction =>
  (name, { all }, callback) => {
    const answer = (addresses: readonly LookupAddress[]): void => {
      const [first] = addresses;
      if (first === undefined) callback(new Error('no address'), []);
      else if (!anyAddress && !addresses.every(({ address }) => isPublicAddress(address))) {
        callback(new ForbiddenAddress(), []);
      } else if (all === true) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    };
    resolve(name).then(answer, (error: NodeJS.ErrnoException) => callback(error, []));
  };

/**
 * Posts JSON and waits for the status. Redirects are not followed, no connection is used twice, and no more than
 * {@link BODY_BYTES} of the answer are read.
 *
 * @throws the reason of `signal` when it is aborted
 */
export const post = async (request: Post): Promise<Answer> => {
  const { url, anyAddress, signal } = request;
  const host = hostOf(url);
  // For an address no name service is asked, so it has no lookup that could refuse it.
  if (isIP(host) !== 0 && !anyAddress && !isPublicAddress(host)) return { kind: 'forbidden' };
  const timeout = AbortSignal.timeout(request.timeoutMs);
  try {
    return await exchange(request, AbortSignal.any([signal, timeout]));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ForbiddenAddress) return { kind: 'forbidden' };
    return { kind: 'silent', reason: timeout.aborted ? 'timeout' : codeOf(error) };
  }
};

const exchange = ({ url, headers, body, anyAddress, resolve }: Post, signal: AbortSignal): Promise<Answer> =>
  new Promise((done, failed) => {
    const start = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = start(url, {
      method: 'POST',
      // A connection of its own: one that is kept might lead to where the name led before.
      agent: false,
      lookup: checkedLookup(anyAddress, resolve),
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'qr-saas-webhooks/1',
        ...headers,
      },
      signal,
    });
    let answer: Answer | undefined;
    // Once there is a status it stands, whatever becomes of the rest: a time limit met in the body is an error here.
    request.on('error', (error) => (answer === undefined ? failed(error) : done(answer)));
    request.on('response', (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      const known: Answer = { kind: 'answered', status, retryAfter: answered['retry-after'] };
      answer = known;
      drained(response).then(() => done(known));
    });
    request.end(body);
  });

/** Waits for the end of an answer, or for enough of it. */
const drained = (response: IncomingMessage): Promise<void> =>
  new Promise((done) => {
    let bytes = 0;
    const timer = setTimeout(() => response.destroy(), BODY_MS);
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BODY_BYTES) response.destroy();
    });
    response.on('error', () => undefined);
    response.on('close', () => {
      clearTimeout(timer);
      done();
    });
  });

/** The system's or TLS's code of an error; never its message, which may hold the address. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no answer';
