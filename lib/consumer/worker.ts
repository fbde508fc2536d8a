import { DEAD_LETTER_TOPIC } from '../catalog/index.ts';
import type { StreamError } from '../errors.ts';
import { deadLetter, HEADER, headerText, positionOf } from '../events/index.ts';
import { commit, hashTag, markKey } from '../stores/marks.ts';
import type { BatchPorts } from './batch.ts';
import type { Effect } from './effect.ts';
import { announce } from './effects.ts';
import { failureHistory, recordFailure } from './failure-history.ts';
import { asStreamError, causeOf, type Item, type Result } from './item.ts';

/** Works a record; it throws what was found wrong with it. */
export type Dispatch = (item: Item) => Promise<Effect | undefined>;

/** What a worker works with. */
export interface WorkerPorts extends BatchPorts {
  readonly dispatch: Dispatch;
}

const HOUR = 3_600;

/**
 * Works one record: handles its event, does the effect, marks it done. A permanent failure goes to the dead-letter queue;
 * a record of that queue itself, which must not return to it, is left to the event source mapping's own destination.
 *
 * @returns what became of it; it never throws
 */
export const workRecord = async (item: Item, ports: WorkerPorts): Promise<Result> => {
  const { topic, observation, deadline } = ports;
  const now = new Date().toISOString();
  try {
    return await deadline.within(worked(item, ports));
  } catch (thrown) {
    const error = asStreamError(thrown);
    if (error.failureClass === 'permanent' && topic.name !== DEAD_LETTER_TOPIC) {
      try {
        await deadline.within(buried(item, error, ports, now));
        observation.failed(item, error, 'dead');
        return 'dead';
      } catch (second) {
        observation.failed(item, second, 'failed');
      }
    } else observation.failed(item, error, 'failed');
    await recordFailure(ports.redis, topic.consumerGroup, positionOf(item), now);
    return 'failed';
  }
};

const worked = async (item: Item, ports: WorkerPorts): Promise<Result> => {
  const { topic, dispatch, redis, deadline } = ports;
  const { consumerGroup: group, idempotencyHours } = topic;
  const effect = (await dispatch(item)) ?? {};
  // The time may have run out meanwhile: then this record is somebody else's.
  deadline.signal.throwIfAborted();
  const cause = causeOf(item);
  await announce(ports, cause, effect, group, { traceparent: headerText(item.headers, HEADER.traceparent) });
  if (effect.reject !== undefined) throw effect.reject;
  deadline.signal.throwIfAborted();
  const seconds = idempotencyHours * HOUR;
  await Promise.all(
    (effect.elsewhere ?? []).map(({ owner, writes }, i) =>
      commit(redis, markKey(hashTag(owner), group, `${cause.id}#${i}`), seconds, writes),
    ),
  );
  if (item.doneMark === undefined) return 'done';
  return (await commit(redis, item.doneMark, seconds, effect.writes)) ? 'done' : 'skipped';
};

const buried = async (item: Item, error: StreamError, ports: WorkerPorts, now: string): Promise<void> => {
  const { topic, publisher, redis } = ports;
  const history = await failureHistory(redis, topic.consumerGroup, positionOf(item), now);
  await publisher.publishRaw([deadLetter(item, topic.consumerGroup, error, history)]);
  // Delivered again with its batch, it need not go there twice.
  await commit(redis, item.deadMark, topic.idempotencyHours * HOUR);
};
