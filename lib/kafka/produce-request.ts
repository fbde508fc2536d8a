import type { Message } from 'kafkajs';
import { array, bytes, int16, int32, string } from './wire.ts';
import { batchOf } from './written-batch.ts';

/** What kafkajs's producer wants to be written. */
export interface ProduceRequest {
  readonly acks: number;
  /** How long the broker may wait for its replicas, ms. */
  readonly timeout: number;
  /** 0 is none, 1 gzip. */
  readonly compression?: number;
  readonly transactionalId?: string | null;
  readonly producerId?: { toString(): string };
  readonly producerEpoch?: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence?: number;
      readonly messages: readonly Message[];
    }[];
  }[];
}

/** The body of Produce, versions 3 to 7, which differ in their answers only. */
export const produceBody = async (request: ProduceRequest): Promise<Buffer> => {
  const { acks, timeout, transactionalId = null, topicData } = request;
  const topics: Buffer[] = [];
  for (const { topic, partitions } of topicData) {
    const written: Buffer[] = [];
    for (const { partition, firstSequence = -1, messages } of partitions) {
      const batch = await batchOf(messages, request.compression ?? 0, { ...writerOf(request), firstSequence });
      written.push(Buffer.concat([int32(partition), bytes(batch)]));
    }
    topics.push(Buffer.concat([string(topic), array(written)]));
  }
  return Buffer.concat([string(transactionalId), int16(acks), int32(timeout), array(topics)]);
};

const writerOf = ({ producerId, producerEpoch = -1, transactionalId = null }: ProduceRequest) => ({
  producerId: BigInt(producerId?.toString() ?? '-1'),
  producerEpoch,
  isTransactional: transactionalId !== null,
});
