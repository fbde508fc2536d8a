import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type ErrorCode, StreamError } from '../../errors.ts';
import { withFlags } from '../../hint.ts';
import { folderFlags } from '../../local/folder-flags.ts';

/** What a request that failed is answered with. */
export interface Failure {
  /** One sentence for a person. */
  readonly error: string;
  /** What to do about it. */
  readonly next: string | null;
  readonly code: ErrorCode;
  /** The field of the request that is wrong. */
  readonly field: string | null;
}

/** Something in a request is not as it must be; the page shows the sentence at the field. */
export class InputError extends StreamError {
  readonly field: string;

  constructor(field: string, message: string, options: { next?: string; cause?: unknown; code?: ErrorCode } = {}) {
    super(options.code ?? 'USAGE', message, options);
    this.field = field;
  }
}

/** Those that are not here are the request's own fault: 422. */
const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  USAGE: 400,
  NOT_FOUND: 404,
  REFUSED: 409,
  SERVICE_FAILED: 502,
  REGISTRY_UNAVAILABLE: 503,
  REDIS_UNAVAILABLE: 503,
  OBJECT_STORE_UNAVAILABLE: 503,
  BROKER_UNAVAILABLE: 503,
  PROVIDER_UNAVAILABLE: 503,
  TIMED_OUT: 504,
  UNEXPECTED: 500,
};

/** Answers with a sentence and the next step; never with a stack, which goes to the log. */
export const answerFailure = (error: unknown, c: Context): Response => {
  if (error instanceof StreamError) {
    return c.json(told(error), STATUS[error.code] ?? 422);
  }
  if (error instanceof HTTPException) {
    return c.json(told(new StreamError('USAGE', error.message || 'The request was not understood.')), error.status);
  }
  return c.json(failureOf(error, `${c.req.method} ${c.req.path}`), 500);
};

/** What is told of anything thrown; what nobody expected goes to the log. @param of what failed, for the log */
export const failureOf = (error: unknown, of: string): Failure => {
  if (error instanceof StreamError) return told(error);
  console.error(`${new Date().toISOString()} ${of}`, error);
  return told(
    new StreamError('UNEXPECTED', 'Something went wrong that nobody expected.', {
      next: 'The log tells what: ./stream-manager.sh logs console',
    }),
  );
};

/** What an error tells to do, so that it is about the stack whose console this is; null where it tells nothing. */
export const nextOf = ({ next }: StreamError): string | null =>
  next === undefined ? null : withFlags(next, () => folderFlags(undefined));

const told = (error: StreamError): Failure => ({
  error: error.message,
  next: nextOf(error),
  code: error.code,
  field: error instanceof InputError ? error.field : null,
});
