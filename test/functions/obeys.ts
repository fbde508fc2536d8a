import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'aws-lambda';

interface Order {
  readonly throw?: string;
  readonly sleepMs?: number;
  readonly exit?: number;
  readonly allocateMb?: number;
  readonly answerMb?: number;
  /** Throws this long after the answer, while nothing runs. */
  readonly throwAfterMs?: number;
}

const held: Buffer[] = [];

/** Does what it is told by whoever invokes it, and answers with what it was called with. */
export const handler = async (event: Order, context: Context): Promise<object> => {
  if (event.throw !== undefined) throw new TypeError(event.throw);
  if (event.exit !== undefined) process.exit(event.exit);
  if (event.sleepMs !== undefined) await sleep(event.sleepMs);
  if (event.allocateMb !== undefined) held.push(Buffer.alloc(event.allocateMb * 1024 * 1024, 1));
  if (event.throwAfterMs !== undefined) {
    setTimeout(() => {
      throw new Error('while nothing runs');
    }, event.throwAfterMs);
  }
  // Long enough for the platform to notice what was allocated.
  if (event.allocateMb !== undefined) await sleep(1_500);
  return {
    event,
    pid: process.pid,
    requestId: context.awsRequestId,
    arn: context.invokedFunctionArn,
    remainingMs: context.getRemainingTimeInMillis(),
    variables: Object.keys(process.env),
    ...(event.answerMb === undefined ? {} : { ballast: 'x'.repeat(event.answerMb * 1024 * 1024) }),
  };
};
