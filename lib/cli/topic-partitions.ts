import { InvalidArgumentError } from 'commander';

/** Partitions of one topic. */
export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** Parses `TOPIC:0,3`, as Kafka's own tool takes it, for commander. */
export const topicPartitions = (text: string): TopicPartitions => {
  const [, topic, list] = /^([a-zA-Z0-9._-]+):(\d+(?:,\d+)*)$/.exec(text) ?? [];
  if (topic === undefined || list === undefined) {
    throw new InvalidArgumentError('It must be a topic and its partitions, such as notifications:0,3.');
  }
  return { topic, partitions: [...new Set(list.split(',').map(Number))] };
};
