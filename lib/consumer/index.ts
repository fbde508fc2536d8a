export type { BatchItemFailure, BatchResponse, ConsumerOptions, LambdaHandler } from './batch.ts';
export { type Connections, closeConnections, openConnections } from './connections.ts';
export { createConsumer, createPartitionConsumer, createRecordConsumer } from './consumer.ts';
export type { BatchContext, HandlerContext } from './context.ts';
export {
  type Delivered,
  type Effect,
  type EventHandler,
  type FollowUp,
  type Handlers,
  type Later,
  type PartitionContext,
  type PartitionHandler,
  passOver,
  type RecordHandler,
} from './effect.ts';
export { type Audit, audited, IN_APP_AND_EMAIL, notified, notifiedInAppAndByEmail } from './follow-ups.ts';
export type { MskEvent, MskRecord } from './msk-event.ts';
export type { Addition, Tally } from './tally.ts';
export { createTallyConsumer } from './tally-consumer.ts';
