import type { EventType } from '../catalog/index.ts';
import type { EventOf } from '../events/index.ts';
import type { HandlerContext } from './context.ts';
import type { Effect, EventHandler, HandlersOf } from './effect.ts';
import { strangeType } from './item.ts';

/** Takes an event of any type to the handler of its type. */
export type Route = (event: EventOf, context: HandlerContext) => Promise<Effect | undefined>;

/** The handlers by event type. */
export const routesOf = <Types extends EventType>(handlers: HandlersOf<Types>): ReadonlyMap<string, Route> => {
  const isHandled = (type: string): type is Types => Object.hasOwn(handlers, type);
  const route = <Type extends Types>(type: Type): readonly [string, Route] => [type, routeOf(type, handlers[type])];
  return new Map(Object.keys(handlers).filter(isHandled).map(route));
};

const isOfType = <Type extends EventType>(event: EventOf, type: Type): event is EventOf<Type> =>
  event.eventType === type;

const routeOf =
  <Type extends EventType>(type: Type, handler: EventHandler<Type>): Route =>
  async (event, context) => {
    if (!isOfType(event, type)) throw strangeType(type, event.eventType);
    return handler(event, context);
  };
