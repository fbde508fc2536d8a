import { randomUUID } from 'node:crypto';
import type { ScheduledFunction } from '../../catalog/index.ts';
import { messageOf } from '../../errors.ts';
import type { LambdaFunction } from './function.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './limits.ts';
import { pauseFor } from './waiting.ts';

const MINUTE_MS = 60_000;

/** A failed invocation is begun again after so long (in AWS: after a minute). */
const RETRY_MS = 2_000;

/** Of a failure's report so much is logged. */
const LOGGED_CHARACTERS = 500;

/** The event a rule sends at a time (EventBridge User Guide, page eb-create-rule-schedule). */
export const scheduledEvent = (name: string, at: Date): Readonly<Record<string, unknown>> => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: LOCAL_ACCOUNT,
  time: at.toISOString().replace(/\.\d+Z$/, 'Z'),
  region: LOCAL_REGION,
  resources: [`arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:rule/${name}`],
  detail: {},
});

/**
 * Starts a function as an EventBridge rule would, the first time at once. Unlike in AWS an invocation that is under way is
 * waited for: one process on a laptop is enough, and the next follows at once.
 */
export class Rule {
  readonly #ended = new AbortController();

  /** @param log takes one line about an invocation that failed */
  start({ name, everyMinutes }: ScheduledFunction, lambda: LambdaFunction, log: (line: string) => void): void {
    void this.#run(name, everyMinutes * MINUTE_MS, lambda, log);
  }

  stop(): void {
    this.#ended.abort();
  }

  async #run(name: string, everyMs: number, lambda: LambdaFunction, log: (line: string) => void): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      const begun = Date.now();
      const failure = await failureOf(lambda, Buffer.from(JSON.stringify(scheduledEvent(name, new Date(begun)))));
      if (signal.aborted) return;
      if (failure !== undefined) log(`${name}: ${failure}`);
      await pauseFor(failure === undefined ? begun + everyMs - Date.now() : RETRY_MS, signal);
    }
  }
}

const failureOf = async (lambda: LambdaFunction, payload: Buffer): Promise<string | undefined> => {
  try {
    const { functionError, body } = await lambda.invoke(payload);
    return functionError === undefined ? undefined : body.slice(0, LOGGED_CHARACTERS);
  } catch (error) {
    return messageOf(error);
  }
};
