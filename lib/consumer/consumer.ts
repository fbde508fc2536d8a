import { type EventType, topic as entryOf, type TopicName } from '../catalog/index.ts';
import { type EventOf, HEADER, headerText } from '../events/index.ts';
import {
  type BatchPorts,
  type ConsumerOptions,
  type Consumption,
  inLanes,
  type LambdaHandler,
  lambdaHandler,
  type Work,
} from './batch.ts';
import type { HandlerContext } from './context.ts';
import { routesOf } from './dispatch.ts';
import {
  type Delivered,
  type Handlers,
  type HandlersOf,
  type PartitionHandler,
  passOver,
  type RecordHandler,
} from './effect.ts';
import { type Item, isUnfinished, strangeType } from './item.ts';
import { workTogether } from './together.ts';
import { type Dispatch, workRecord } from './worker.ts';

/**
 * Makes the Lambda handler of a topic: everything that handlers need and that is not domain code.
 *
 * Records of a partition are worked in order (or those of a key, where the catalog says so), partitions side by side. What
 * was done before is skipped. A permanent failure goes to the dead-letter queue; after a transient one the record and every
 * later one of its partition are reported as batch item failures.
 *
 * @param name the consumed topic
 * @param handlers one for each of the topic's event types; {@link passOver} where events of a type need none
 * @returns the handler; it throws TransientError REDIS_UNAVAILABLE when the work cannot be begun, and nothing else
 */
export const createConsumer = <Name extends TopicName>(
  name: Name,
  handlers: Handlers<Name>,
  options: ConsumerOptions = {},
): LambdaHandler => {
  const work = eachByItsHandler(name, handlers);
  return lambdaHandler(entryOf(name), { read: eventReader(passedTypes(handlers)), work }, options);
};

/** Works events one by one, each by the handler of its type. */
export const eachByItsHandler = <Types extends EventType>(name: TopicName, handlers: HandlersOf<Types>): Work => {
  const routes = routesOf(handlers);
  return oneByOne(async (item, ports) => {
    const event = eventIn(item);
    const route = routes.get(event.eventType);
    if (route === undefined) throw strangeType(name, event.eventType);
    return route(event, contextOf(item, ports));
  });
};

/**
 * Makes the Lambda handler of a topic whose records are taken as they are, undecoded: of dead letters. A record is the same
 * by its place in the log.
 */
export const createRecordConsumer = (
  name: TopicName,
  handler: RecordHandler,
  options: ConsumerOptions = {},
): LambdaHandler => {
  const dispatch = async (item: Item, ports: BatchPorts) => handler(item, contextOf(item, ports));
  return lambdaHandler(entryOf(name), { read: async () => 'record', work: oneByOne(dispatch) }, options);
};

/**
 * Makes the Lambda handler of a topic whose events are worked together, a partition at a time, where the catalog's ordering
 * is `partition`. What cannot be decoded goes to the dead-letter queue as elsewhere.
 */
export const createPartitionConsumer = (
  name: TopicName,
  work: PartitionHandler,
  options: ConsumerOptions = {},
): LambdaHandler =>
  lambdaHandler(
    entryOf(name),
    {
      read: eventReader(new Set()),
      work: inLanes(async (lane, ports, became) => {
        const failed: Dispatch = async (item) => {
          eventIn(item);
          return undefined;
        };
        const delivered: Delivered<Item>[] = [];
        for (const item of lane) {
          if (typeof item.read === 'object' && 'event' in item.read) {
            delivered.push({ event: item.read.event, record: item });
            continue;
          }
          const result = await workRecord(item, { ...ports, dispatch: failed });
          became(item, result);
          if (isUnfinished(result)) break;
        }
        await workTogether(delivered, work, ports, became);
      }),
    },
    options,
  );

/** Types whose records are passed over. */
export const passedTypes = (handlers: Readonly<Record<string, unknown>>): ReadonlySet<string> =>
  new Set(Object.keys(handlers).filter((type) => handlers[type] === passOver));

/** Finds the event of a record; one of a type in `passed` is not looked at. */
export const eventReader =
  (passed: ReadonlySet<string>): Consumption['read'] =>
  async (record, { topic, publisher }) => {
    if (passed.size > 0 && passed.has(headerText(record.headers, HEADER.eventType) ?? '')) return 'passed';
    try {
      const event = await publisher.codec.decode(record);
      const isOwn = Object.hasOwn(topic.events, event.eventType);
      return isOwn ? { event } : { error: strangeType(topic.name, event.eventType) };
    } catch (error) {
      return { error };
    }
  };

/** The event of an item, or what was found wrong with it. */
const eventIn = ({ read }: Item): EventOf => {
  if (typeof read === 'string') throw new Error('a record that was not decoded was dispatched as an event');
  if ('error' in read) throw read.error;
  return read.event;
};

const contextOf = (
  item: Item,
  { redis, objects, deadline: { remainingMs, signal }, observation }: BatchPorts,
): HandlerContext => ({
  redis,
  objects,
  remainingMs,
  signal,
  tag: item.tag,
  // Made when it is asked for: a logger costs more than the rest of what the harness does for a record.
  get logger() {
    return observation.of(item);
  },
});

/** Works the records of a lane one after the other. */
const oneByOne = (dispatch: (item: Item, ports: BatchPorts) => ReturnType<Dispatch>): Work =>
  inLanes(async (lane, ports, became) => {
    /** Done in this very lane: the same event may be in it twice. */
    const done = new Set<string>();
    for (const item of lane) {
      const isRepeat = item.doneMark !== undefined && done.has(item.doneMark);
      const result = isRepeat
        ? 'skipped'
        : await workRecord(item, { ...ports, dispatch: (one) => dispatch(one, ports) });
      became(item, result);
      if (result === 'done' && item.doneMark !== undefined) done.add(item.doneMark);
      // What follows in the lane must not overtake it.
      if (isUnfinished(result)) return;
    }
  });
