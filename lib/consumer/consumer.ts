import { type EventType, type EventTypeOn, type TopicName, topic as topicNamed } from '../catalog/index.ts';
import { type EventOf, HEADER, headerText } from '../events/index.ts';
import { type Aggregation, aggregated } from './aggregate.ts';
import { type ConsumerOptions, type Consumption, type LambdaHandler, lambdaHandler } from './batch.ts';
import {
  type Effect,
  type EventHandler,
  type HandlerContext,
  type Handlers,
  type HandlersOf,
  ignore,
  type PartitionHandler,
  type RecordHandler,
} from './effect.ts';
import { eventOfItem, type Item, unknownType } from './item.ts';
import { perPartition } from './per-partition.ts';
import { type ItemHandler, perRecord } from './per-record.ts';

/**
 * Makes the Lambda handler of a topic: everything that handlers need and that is not domain code.
 *
 * Records of a partition are processed in order (or those of a key, where the catalog says so), partitions side by side.
 * What took effect before is skipped. A permanent failure goes to the dead-letter queue; after a transient one the record
 * and every later one of its partition are reported as batch item failures.
 *
 * @param name the consumed topic
 * @param handlers one for each of the topic's event types; {@link ignore} where events of a type need none
 * @returns the handler; it throws TransientError REDIS_UNAVAILABLE when the work cannot be begun, and nothing else
 */
export const createConsumer = <Name extends TopicName>(
  name: Name,
  handlers: Handlers<Name>,
  options: ConsumerOptions = {},
): LambdaHandler =>
  lambdaHandler(
    topicNamed(name),
    { read: eventReader(ignoredTypes(handlers)), process: perRecord(byType(name, handlers)) },
    options,
  );

/**
 * Makes the Lambda handler of a topic whose records are taken as they are, undecoded: of dead letters. A record is the same
 * by its place in the log.
 */
export const createRecordConsumer = (
  name: TopicName,
  handler: RecordHandler,
  options: ConsumerOptions = {},
): LambdaHandler =>
  lambdaHandler(topicNamed(name), { read: async () => ({ kind: 'record' }), process: perRecord(handler) }, options);

/**
 * Makes the Lambda handler of a topic whose events are handled together, a partition at a time. What cannot be decoded goes
 * to the dead-letter queue as elsewhere.
 */
export const createPartitionConsumer = (
  name: TopicName,
  handler: PartitionHandler,
  options: ConsumerOptions = {},
): LambdaHandler =>
  lambdaHandler(topicNamed(name), { read: eventReader(new Set()), process: perPartition(handler) }, options);

/**
 * Makes the Lambda handler of a topic whose events of one type are counted, a whole batch in a few round trips to Redis.
 * Events of the other types are processed one by one, when the counting is done. The catalog's ordering must be `none`.
 *
 * @param name the consumed topic
 * @param aggregation how the counted type is counted
 * @param handlers one for each other event type of the topic
 */
export const createAggregateConsumer = <Name extends TopicName, Type extends EventTypeOn<Name> & EventType, Part>(
  name: Name,
  aggregation: Aggregation<Type, Part>,
  handlers: HandlersOf<Exclude<EventTypeOn<Name> & EventType, Type>>,
  options: ConsumerOptions = {},
): LambdaHandler => {
  const counted = aggregated(aggregation);
  const others = perRecord(byType(name, handlers));
  const isCounted = (item: Item): boolean => eventOfItem(item)?.eventType === aggregation.type;
  return lambdaHandler(
    topicNamed(name),
    {
      read: eventReader(ignoredTypes(handlers)),
      process: async (open, ports, settle, all) => {
        const ofCounted = open.then((items) => items.filter(isCounted));
        ofCounted.catch(() => undefined);
        await counted(ofCounted, ports, settle, all.filter(isCounted));
        const rest = (await open).filter((item) => !isCounted(item));
        if (rest.length > 0) await others(Promise.resolve(rest), ports, settle, rest);
      },
    },
    options,
  );
};

/** Takes an event of any type to the handler of its type. */
type Route = (event: EventOf, context: HandlerContext) => Promise<Effect | undefined> | Effect | undefined;

/** Handles an item's event by the handler of its type. */
const byType = <Types extends EventType>(name: TopicName, handlers: HandlersOf<Types>): ItemHandler => {
  const isHandled = (type: string): type is Types => Object.hasOwn(handlers, type);
  const routeTo = <Type extends Types>(type: Type): readonly [string, Route] => [type, routeOf(type, handlers[type])];
  const routes = new Map(Object.keys(handlers).filter(isHandled).map(routeTo));
  return (item, context) => {
    const event = eventOfItem(item);
    const route = event === undefined ? undefined : routes.get(event.eventType);
    if (event === undefined || route === undefined) throw unknownType(name, event?.eventType ?? 'unknown');
    return route(event, context);
  };
};

const isOfType = <Type extends EventType>(event: EventOf, type: Type): event is EventOf<Type> =>
  event.eventType === type;

const routeOf =
  <Type extends EventType>(type: Type, handler: EventHandler<Type>): Route =>
  (event, context) => {
    if (!isOfType(event, type)) throw unknownType(type, event.eventType);
    return handler(event, context);
  };

/** Types whose records are ignored. */
const ignoredTypes = (handlers: Readonly<Record<string, unknown>>): ReadonlySet<string> =>
  new Set(Object.keys(handlers).filter((type) => handlers[type] === ignore));

/** Finds the event of a record; one of a type in `ignored` is not looked at. */
const eventReader =
  (ignored: ReadonlySet<string>): Consumption['read'] =>
  async (record, { topic, publisher }) => {
    if (ignored.size > 0 && ignored.has(headerText(record.headers, HEADER.eventType) ?? '')) return { kind: 'ignored' };
    try {
      const event = await publisher.codec.decode(record);
      return Object.hasOwn(topic.events, event.eventType)
        ? { kind: 'event', event }
        : { kind: 'invalid', error: unknownType(topic.name, event.eventType) };
    } catch (error) {
      return { kind: 'invalid', error };
    }
  };
