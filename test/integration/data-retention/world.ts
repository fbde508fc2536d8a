import { DEAD_LETTER_TOPIC, topic } from '../../../lib/catalog/index.ts';
import {
  type BatchResponse,
  createConsumer,
  type EventHandler,
  type HandlerContext,
} from '../../../lib/consumer/index.ts';
import {
  DEAD_LETTER_HEADER,
  type EventOf,
  eventOf,
  headerText,
  type Publisher,
  type RawRecord,
} from '../../../lib/events/index.ts';
import { deliveryTo } from '../../support/delivery.ts';
import { testStack } from '../../support/stack.ts';

type Handlers = {
  readonly 'retention.sweep.requested': EventHandler<'retention.sweep.requested'>;
  readonly 'user.erasure.requested': EventHandler<'user.erasure.requested'>;
};

/** What a delivery came to: the answer, and what was published because of it. */
export interface Outcome {
  readonly response: BatchResponse;
  readonly published: readonly EventOf[];
  /** Reasons of the dead letters. */
  readonly reasons: readonly string[];
}

/**
 * The consumer of data-retention on the real stores. What it publishes is caught, not sent: the stack's own function would
 * otherwise do the test's work.
 */
export const world = (handlers: Handlers) => {
  const delivery = deliveryTo(
    topic('data-retention').name,
    (options) => createConsumer('data-retention', handlers, options),
    testStack().settings,
  );
  const { publisher } = delivery.connections;
  const decoded = (record: RawRecord): Promise<EventOf> =>
    publisher.codec.decode({ ...record, partition: 0, offset: 0, timestamp: 0 });
  return {
    ...delivery.connections,
    connections: delivery.connections,
    deliver: async (...events: readonly EventOf[]): Promise<Outcome> => {
      const caught: RawRecord[] = [];
      const publishRaw: Publisher['publishRaw'] = async (records) => {
        caught.push(...records);
        return records.map(({ topic: name }, i) => ({ topic: name, partition: 0, offset: i }));
      };
      const response = await delivery.deliverWith({ publisher: { ...publisher, publishRaw } }, ...events);
      const letters = caught.filter(({ topic: name }) => name === DEAD_LETTER_TOPIC);
      return {
        response,
        published: await Promise.all(caught.filter((record) => !letters.includes(record)).map(decoded)),
        reasons: letters.map(({ headers }) => headerText(headers, DEAD_LETTER_HEADER.errorMessage) ?? ''),
      };
    },
  };
};

/** A handler that has time for `turns` looks at the clock. */
export const hurried = (context: HandlerContext, turns: number): HandlerContext => {
  let left = turns;
  return { ...context, remainingMs: () => (left-- > 0 ? 60_000 : 0) };
};

export const sweepOf = (policy: string, timestamp: string, cursor: string | null = null): EventOf =>
  eventOf('retention.sweep.requested', { policy, cursor }, { source: 'test', timestamp });

export const erasureOf = (userId: string): EventOf =>
  eventOf('user.erasure.requested', { userId, requestedBy: userId, reason: 'Ada wants to go' }, { source: 'test' });

/** What an audit record says. */
export const auditIn = (event: EventOf | undefined) => {
  const payload = new Map<string, unknown>(Object.entries(event?.payload ?? {}));
  return {
    action: payload.get('action'),
    resource: payload.get('resource'),
    after: JSON.parse(String(payload.get('after') ?? 'null')),
  };
};
