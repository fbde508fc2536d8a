import { DEAD_LETTER_TOPIC, type EventType, type Topic } from '../catalog/index.ts';
import type { StreamError } from '../errors.ts';
import { type EventOf, HEADER, headerText, positionOf } from '../events/index.ts';
import { commit } from '../stores/marks.ts';
import type { Connections } from './connections.ts';
import { deadLetter } from './dead-letter.ts';
import type { Deadline } from './deadline.ts';
import type { Effect } from './effect.ts';
import { announce } from './effects.ts';
import { failureHistory, recordFailure } from './failure-history.ts';
import { asStreamError, type Item, type Result } from './item.ts';
import type { Observation } from './observation.ts';

/** Works the event of a record; undefined when nobody does. */
export type Dispatch = (event: EventOf, item: Item) => Promise<Effect | undefined>;

/** What a worker works with. */
export interface WorkerPorts extends Connections {
  readonly topic: Topic<EventType>;
  readonly dispatch: Dispatch;
  readonly deadline: Deadline;
  readonly observation: Observation;
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
  const { topic, dispatch, redis } = ports;
  if ('error' in item.read) throw item.read.error;
  const { event } = item.read;
  const effect = (await dispatch(event, item)) ?? {};
  // The time may have run out meanwhile: then this record is somebody else's.
  ports.deadline.signal.throwIfAborted();
  await announce(ports, event, effect, topic.consumerGroup, {
    traceparent: headerText(item.headers, HEADER.traceparent),
  });
  if (effect.reject !== undefined) throw effect.reject;
  ports.deadline.signal.throwIfAborted();
  if (item.doneMark === undefined) return 'done';
  const fresh = await commit(redis, item.doneMark, topic.idempotencyHours * HOUR, effect.writes);
  return fresh ? 'done' : 'skipped';
};

const buried = async (item: Item, error: StreamError, ports: WorkerPorts, now: string): Promise<void> => {
  const { topic, publisher, redis } = ports;
  const history = await failureHistory(redis, topic.consumerGroup, positionOf(item), now);
  await publisher.publishRaw([deadLetter(item, topic.consumerGroup, error, history)]);
  // Delivered again with its batch, it need not go there twice.
  await commit(redis, item.deadMark, topic.idempotencyHours * HOUR);
};
