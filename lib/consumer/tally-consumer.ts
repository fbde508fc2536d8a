import { type EventType, type EventTypeOn, topic as entryOf, type TopicName } from '../catalog/index.ts';
import { type ConsumerOptions, type LambdaHandler, lambdaHandler } from './batch.ts';
import { eachByItsHandler, eventReader, passedTypes } from './consumer.ts';
import type { HandlersOf } from './effect.ts';
import type { Item } from './item.ts';
import { type Tally, tallied } from './tally.ts';

/**
 * Makes the Lambda handler of a topic whose events of one type are counted, a whole batch in a few round trips to Redis.
 * Events of the other types are worked one by one, when the counting is done. The catalog's ordering must be `none`.
 *
 * @param name the consumed topic
 * @param tally how the counted type is counted
 * @param handlers one for each other event type of the topic
 */
export const createTallyConsumer = <Name extends TopicName, Type extends EventTypeOn<Name> & EventType, Part>(
  name: Name,
  tally: Tally<Type, Part>,
  handlers: HandlersOf<Exclude<EventTypeOn<Name> & EventType, Type>>,
  options: ConsumerOptions = {},
): LambdaHandler => {
  const counted = tallied(tally);
  const others = eachByItsHandler(name, handlers);
  const isCounted = ({ read }: Item): boolean =>
    typeof read === 'object' && 'event' in read && read.event.eventType === tally.type;
  return lambdaHandler(
    entryOf(name),
    {
      read: eventReader(passedTypes(handlers)),
      work: async (items, ports, became) => {
        await counted(items.filter(isCounted), ports, became);
        const rest = items.filter((item) => !isCounted(item));
        if (rest.length > 0) await others(rest, ports, became);
      },
    },
    options,
  );
};
