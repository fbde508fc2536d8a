import type { Batch } from 'kafkajs';
import type { KafkaRecord } from './record.ts';

export type { Consumer, EachBatchPayload } from 'kafkajs';

const isRecord = (message: object): message is KafkaRecord =>
  'timestamp' in message && typeof message.timestamp === 'bigint';

/** The records of a consumer's batch, as our decoder has made them; kafkajs, whose types know others, hands them on untouched. */
export const recordsIn = ({ messages }: Batch): readonly KafkaRecord[] => {
  const found: readonly object[] = messages;
  return found.filter(isRecord);
};
