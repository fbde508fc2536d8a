import { setTimeout as delay } from 'node:timers/promises';
import { StreamError } from '../../errors.ts';
import { isKafkaError } from '../../kafka/index.ts';

const WITHIN_MS = 30_000;
const EVERY_MS = 100;

/**
 * Asks again while Kafka has no answer: brokers learn of a topic that was made or deleted one after the other, and refuse
 * requests about it meanwhile.
 *
 * @param what is awaited, for the message when it never comes
 * @param ask undefined is "not yet"
 */
export const settled = async <Answer>(what: string, ask: () => Promise<Answer | undefined>): Promise<Answer> => {
  let cause: unknown;
  for (const end = Date.now() + WITHIN_MS; Date.now() < end; await delay(EVERY_MS)) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      if (!isKafkaError(error)) throw error;
      cause = error;
    }
  }
  throw new StreamError('SERVICE_FAILED', `Kafka did not come to rest within ${WITHIN_MS / 1_000} s: ${what}.`, {
    next: 'Run it again: it continues',
    cause,
  });
};
