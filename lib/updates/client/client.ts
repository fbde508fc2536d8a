import { attempt, type End } from './attempt.ts';
import type { ParserState, ServerEvent } from './parser.ts';
import { openRepeats } from './repeats.ts';
import { waitingMs } from './waiting.ts';

/** Something that has happened for the user. */
export interface Update {
  /** The same id is the same update; repeats do not come through. */
  readonly id: string;
  /** What happened, dotted, e.g. `bulk.qr.progress`. */
  readonly type: string;
  /** When, ISO 8601, UTC. */
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a client is at; `stopped` is for good. */
export type ClientState = 'connecting' | 'open' | 'waiting' | 'stopped';

export interface UpdatesClientOptions {
  /** Address of the API, e.g. `https://updates.example/updates`. */
  readonly url: string;
  /**
   * Asked before each attempt, so that it may expire: it closes the connection then, and the next goes on where it ended.
   *
   * @param isRefused whether the server has refused the last one, so that one that was kept will not do
   */
  readonly token: (isRefused: boolean) => string | Promise<string>;
  readonly onUpdate: (update: Update) => void;
  /** Some updates will never come: load afresh what the page shows. */
  readonly onGap: () => void;
  /** @param message why, where the server has said so */
  readonly onState?: (state: ClientState, message?: string) => void;
  /** Where to go on: {@link UpdatesClient.lastEventId} of an earlier page; with what comes from now on when absent. */
  readonly lastEventId?: string | undefined;
  /** Used instead of the global one. */
  readonly fetch?: typeof fetch;
}

export interface UpdatesClient {
  /** Id of the last entry that was read, for a page that comes later. */
  readonly lastEventId: string | undefined;
  close(): void;
}

/** Until the server says otherwise. */
const RETRY_MS = 1_000;

/** Answers after which nothing is tried any more: it is not going to be better. */
const FINAL = new Set([403, 404]);

/**
 * Reads the updates of a user and calls back for each, in order, once: through lost connections, servers that go and come, and
 * tokens that expire. It reads with `fetch`, because EventSource can neither send a token in a header nor ask for a new one.
 */
export const openUpdatesClient = (options: UpdatesClientOptions): UpdatesClient => {
  const { url, onUpdate, onGap, onState } = options;
  const closed = new AbortController();
  const state: ParserState = { lastEventId: options.lastEventId, retryMs: undefined };
  const isRepeat = openRepeats();
  let isTokenRefused = false;
  let failures = 0;

  const onEvent = ({ type, data }: ServerEvent): void => {
    // Why the server is about to close; the stream ends next.
    if (closed.signal.aborted || type === 'closing') return;
    safely(() => {
      if (type === 'gap') return onGap();
      const update: Update = JSON.parse(data);
      if (!isRepeat(update.id)) onUpdate(update);
    });
  };
  const say = (...what: [ClientState, string?]): void => safely(() => onState?.(...what));
  const onOpen = (): void => {
    failures = 0;
    isTokenRefused = false;
    say('open');
  };

  const once = async (): Promise<End> => {
    try {
      const token = await options.token(isTokenRefused);
      return await attempt({ fetch: options.fetch ?? fetch, url, token, state, onOpen, onEvent }, closed.signal);
    } catch {
      return { kind: 'refused', message: 'There is no token.' };
    }
  };

  const run = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      say('connecting');
      const end = await once();
      if (closed.signal.aborted) break;
      failures += 1;
      if (end.kind === 'cut') say('waiting');
      else {
        if (FINAL.has(end.status ?? 0)) return say('stopped', end.message);
        isTokenRefused = end.status === 401;
        if (end.status === 400 && state.lastEventId !== undefined) {
          // What was remembered is no id: nobody knows what was missed.
          state.lastEventId = undefined;
          safely(onGap);
        }
        say('waiting', end.message);
      }
      const retryAfterMs = end.kind === 'cut' ? undefined : end.retryAfterMs;
      await pause(waitingMs({ failures, retryMs: state.retryMs ?? RETRY_MS, retryAfterMs }), closed.signal);
    }
    say('stopped');
  };
  // Not before the caller has the client: its callbacks may want it.
  void Promise.resolve().then(run);
  return {
    get lastEventId() {
      return state.lastEventId;
    },
    close: () => closed.abort(),
  };
};

/** What a callback throws is the page's to see, and no reason to lose the connection. */
const safely = (call: () => void): void => {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    }
  });
