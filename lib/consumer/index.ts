export type { Addition, Aggregation } from './aggregate.ts';
export type { BatchItemFailure, BatchResponse, ConsumerOptions, LambdaHandler } from './batch.ts';
export { type Connections, closeConnections, openConnections } from './connections.ts';
export {
  createAggregateConsumer,
  createConsumer,
  createPartitionConsumer,
  createRecordConsumer,
} from './consumer.ts';
export { failureHistory } from './dead-letter.ts';
export {
  type BatchContext,
  type CrossKeyWrites,
  type Delivered,
  type Effect,
  type EventHandler,
  type FollowUp,
  type HandlerContext,
  type Handlers,
  ignore,
  type PartitionContext,
  type PartitionHandler,
  type RecordHandler,
  type Scheduled,
} from './effect.ts';
export { type Audit, audited, IN_APP_AND_EMAIL, notified, notifiedInAppAndByEmail } from './follow-ups.ts';
export { type MskEvent, type MskRecord, partitionsOf } from './msk-event.ts';
