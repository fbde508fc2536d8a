export {
  type Admin,
  coordinatorReady,
  makeTopics,
  OF_THE_TOPIC,
  TOPIC_RESOURCE,
  wholeCluster,
} from './admin.ts';
export { assignmentOf } from './assignment.ts';
export { type Ask, type BrokerAddress, type BrokerRequest, onBroker } from './broker.ts';
export { type Kafka, type KafkaOptions, openKafka } from './client.ts';
export { type Consumer, type EachBatchPayload, recordsIn } from './consumer.ts';
export { brokerErrorOf, isHopeless, isKafkaError, isRetriable, isUnreachable } from './errors.ts';
export { ExactWriter, MARKERS_UP_TO } from './exact-writer.ts';
export { type LogFile, readLogFile } from './log-file.ts';
export { murmur2, partitionOf } from './partitioner.ts';
export { GZIP, type Message, openProducer, type Producer, UNCOMPRESSED } from './producer.ts';
export { type OnRecords, type ReadingOptions, readStretches, type Stretch } from './reader.ts';
export type { KafkaRecord, RecordHeaders, TimestampType, Undecodable } from './record.ts';
export { type RawBatch, recordsOf } from './record-batch.ts';
export { type NewTopic, type RefusedTopic, refusedTopics } from './refused-topics.ts';
export { headersToWrite } from './written-headers.ts';
