export type { Connections } from './connections.ts';
export {
  type BatchItemFailure,
  type BatchResponse,
  type ConsumerOptions,
  createConsumer,
  type LambdaHandler,
} from './consumer.ts';
export type { HandlerContext } from './context.ts';
export { DEAD_LETTER_HEADER } from './dead-letter.ts';
export type { Effect, EventHandler, FollowUp, Handlers } from './effect.ts';
export type { MskEvent, MskRecord } from './msk-event.ts';
