import { PermanentError, type StreamError, TransientError } from '../errors.ts';

/**
 * Replies of Redis after which the same request can never succeed (Redis, "RESP protocol specification", "Simple errors": the
 * first word is the kind). Everything else is of the server's state and passes: LOADING, BUSY, OOM, MISCONF, READONLY,
 * CLUSTERDOWN, TRYAGAIN, MASTERDOWN, NOREPLICAS, a refused login, a lost connection.
 */
const PERMANENT = new Set(['WRONGTYPE', 'CROSSSLOT', 'ERR', 'INVALIDOBJ']);
/** `ERR` all the same: the server is full. */
const FULL = /max number of clients/;

/**
 * The answer of the command that failed in a script: Redis 7 puts the place behind it, Redis 6 wraps it into an `ERR` of its
 * own. Where the script failed says nothing to the reader of a dead letter.
 */
const withoutPlace = (text: string): string =>
  text.replace(/ script: [0-9a-f]{40}.*$/s, '').replace(/^ERR Error running script.*user_script: ?\d+: -?/s, '');

/** Whether something thrown is an answer of Redis, by the name its client gives such errors. */
const isReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

/**
 * What a failure of Redis means for the record it happened to: an answer that will be the same each time is permanent, with
 * Redis's own words; anything else is transient.
 *
 * @returns undefined for an error that is none of Redis's
 */
export const storeError = (error: unknown): StreamError | undefined => {
  if (!isReply(error)) return undefined;
  const words = withoutPlace(error.message);
  const [kind = ''] = words.split(' ', 1);
  // Without a kind it is a fault of the script itself.
  const isPermanent = PERMANENT.has(kind) || !/^[A-Z]+$/.test(kind);
  return isPermanent && !FULL.test(words)
    ? storeRefused(words, error)
    : new TransientError('REDIS_UNAVAILABLE', `Redis does not take writes now: ${words}`, {
        next: 'Check Redis: ./stream-manager.sh health',
        cause: error,
      });
};

/** The failure of a write that Redis refuses however often it is tried. @param words Redis's own */
export const storeRefused = (words: string, cause?: unknown): PermanentError =>
  new PermanentError('STORE_REFUSED', `Redis refuses the write: ${words}`, {
    next: 'See which key the handler writes, and what lies there',
    cause,
  });
