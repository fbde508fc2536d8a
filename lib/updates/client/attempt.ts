import { openParser, type ParserState, type ServerEvent } from './parser.ts';

/** The server sends something every 15 seconds; when nothing has come for so long, nobody is there any more. */
const SILENCE_MS = 45_000;

/** How an attempt ended. */
export type End =
  /** It was connected, and is not any more. */
  | { readonly kind: 'cut' }
  /** It was not connected; without a status nobody has answered. */
  | {
      readonly kind: 'refused';
      readonly status?: number;
      readonly message: string;
      readonly retryAfterMs?: number | undefined;
    };

export interface AttemptOptions {
  readonly fetch: typeof fetch;
  readonly url: string;
  readonly token: string;
  /** Where it goes on; kept up to date. */
  readonly state: ParserState;
  readonly onOpen: () => void;
  readonly onEvent: (event: ServerEvent) => void;
}

/** Connects once and reads until the connection ends, or the signal ends it. It never throws. */
export const attempt = async (options: AttemptOptions, signal: AbortSignal): Promise<End> => {
  const { url, token, state, onOpen, onEvent } = options;
  const cut = new AbortController();
  const stop = (): void => cut.abort();
  signal.addEventListener('abort', stop);
  let silence = setTimeout(stop, SILENCE_MS);
  let isOpen = false;
  try {
    const response = await options.fetch(url, {
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
        ...(state.lastEventId === undefined ? {} : { 'last-event-id': state.lastEventId }),
      },
      signal: cut.signal,
    });
    if (!response.ok || response.body === null) return await refusalOf(response);
    isOpen = true;
    onOpen();
    const parse = openParser(state);
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    // Whatever fetch is used: a read that waits ends with the attempt.
    cut.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined));
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return { kind: 'cut' };
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
      for (const event of parse(decoder.decode(value, { stream: true }))) onEvent(event);
    }
  } catch (error) {
    return isOpen ? { kind: 'cut' } : { kind: 'refused', message: error instanceof Error ? error.message : '' };
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', stop);
    // Whatever ended it, nothing of it is to stay open.
    stop();
  }
};

/** The server's sentence, where it has one. */
const refusalOf = async (response: Response): Promise<End> => {
  const { status, headers } = response;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const answer: unknown = await response.json().catch(() => undefined);
  const said = typeof answer === 'object' && answer !== null && 'message' in answer ? String(answer.message) : '';
  return {
    kind: 'refused',
    status,
    message: said || `The server answered ${status}.`,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : undefined,
  };
};
