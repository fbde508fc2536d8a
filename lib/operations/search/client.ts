import { StreamError } from '../../errors.ts';

/** A search server, by as much of its REST API as is needed here; OpenSearch and Elasticsearch have the same. */
export interface SearchServer {
  /**
   * Asks, and reads the answer.
   *
   * @returns undefined where the server says that there is no such thing
   * @throws StreamError SERVICE_FAILED when it is out of reach, REFUSED with its own reason
   */
  ask<Answer>(method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown): Promise<Answer | undefined>;
}

const TIMEOUT_MS = 30_000;

interface Refusal {
  readonly error?: { readonly reason?: string; readonly caused_by?: { readonly reason?: string } } | string;
}

/** @param url base of the API; a user and a password in it are used */
export const openSearch = (url: string): SearchServer => {
  const { origin, pathname, username, password } = new URL(url);
  const base = `${origin}${pathname.replace(/\/+$/, '')}`;
  const who = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = {
    'content-type': 'application/json',
    ...(username === '' ? {} : { authorization: `Basic ${Buffer.from(who).toString('base64')}` }),
  };
  return {
    ask: async (method, path, body) => {
      const answer = await fetch(`${base}${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((error: unknown) => {
        throw new StreamError('SERVICE_FAILED', `The search server does not answer at ${base}.`, {
          next: 'Start it: ./stream-manager.sh start --with connect',
          cause: error,
        });
      });
      const text = await answer.text();
      if (answer.ok) return JSON.parse(text);
      if (answer.status === 404) return undefined;
      throw new StreamError('REFUSED', `The search server says: ${reasonIn(text) ?? `status ${answer.status}`}`);
    },
  };
};

const reasonIn = (text: string): string | undefined => {
  try {
    const { error }: Refusal = JSON.parse(text);
    if (error === undefined || typeof error === 'string') return error;
    return [error.reason, error.caused_by?.reason].filter((part) => part !== undefined).join(': ');
  } catch {
    return undefined;
  }
};
