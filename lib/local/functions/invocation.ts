import { randomBytes, randomUUID } from 'node:crypto';

/** One call of a function on its way through an environment. */
export interface Invocation {
  readonly requestId: string;
  /** JSON, at most LIMITS.payloadBytes. */
  readonly payload: Buffer;
}

/** How a call ended, as the Invoke API tells it (Lambda API reference, Invoke). */
export interface InvocationResult {
  readonly requestId: string;
  readonly statusCode: number;
  /** `Unhandled` when the function failed; the body then holds errorType and errorMessage. */
  readonly functionError: 'Unhandled' | undefined;
  /** JSON. */
  readonly body: string;
}

export const invocationOf = (payload: Buffer): Invocation => ({ requestId: randomUUID(), payload });

export const succeeded = (requestId: string, body: string): InvocationResult => ({
  requestId,
  statusCode: 200,
  functionError: undefined,
  body,
});

/** A function error in Lambda's words. */
export const failed = (requestId: string, errorType: string, errorMessage: string): InvocationResult =>
  failedWith(requestId, JSON.stringify({ errorType, errorMessage }));

export const failedWith = (requestId: string, body: string): InvocationResult => ({
  requestId,
  statusCode: 200,
  functionError: 'Unhandled',
  body,
});

/** A trace header as the runtime gets it; not sampled: no X-Ray daemon listens on a laptop. */
export const traceHeader = (): string =>
  `Root=1-${Math.floor(Date.now() / 1_000).toString(16)}-${randomBytes(12).toString('hex')}` +
  `;Parent=${randomBytes(8).toString('hex')};Sampled=0`;
