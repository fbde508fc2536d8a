import type { Settings } from '../settings.ts';
import type { Admin } from './admin.ts';
import { type BrokerRequest, onBroker } from './broker.ts';
import { brokerErrorOf, errorOfCode } from './errors.ts';
import { array, int8, int16, int32, string } from './wire.ts';

/** A topic that is to be made. */
export interface NewTopic {
  readonly topic: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly configEntries: readonly { readonly name: string; readonly value: string }[];
}

/** A topic that the cluster would not make, and why. */
export interface RefusedTopic {
  readonly topic: string;
  readonly reason: string;
}

const WITHIN_MS = 8_000;
const VALIDATE_ONLY = 1;

/** CreateTopics, version 4, which makes none: the client's own tells an error's name, but not which setting is wrong. */
const validateRequest = (
  topics: readonly NewTopic[],
): BrokerRequest<readonly { topic: string; code: number; reason: string | null }[]> => ({
  key: 19,
  version: 4,
  body: Buffer.concat([
    array(
      topics.map(({ topic, numPartitions, replicationFactor, configEntries }) =>
        Buffer.concat([
          string(topic),
          int32(numPartitions),
          int16(replicationFactor),
          array([]), // where the replicas go: anywhere
          array(configEntries.map(({ name, value }) => Buffer.concat([string(name), string(value)]))),
        ]),
      ),
    ),
    int32(WITHIN_MS),
    int8(VALIDATE_ONLY),
  ]),
  read: (reader) => {
    reader.int32(); // throttled for, ms
    return reader.array(() => ({ topic: reader.string() ?? '', code: reader.int16(), reason: reader.string() }));
  },
});

/** Asks the cluster which of these topics it would not make; makes none. */
export const refusedTopics = async (
  settings: Pick<Settings, 'kafkaAuth'>,
  admin: Admin,
  topics: readonly NewTopic[],
): Promise<readonly RefusedTopic[]> => {
  const [broker] = (await admin.describeCluster()).brokers;
  if (broker === undefined || topics.length === 0) return [];
  const answers = await onBroker(settings, broker, (ask) => ask(validateRequest(topics)));
  return answers.flatMap(({ topic, code, reason }) => {
    if (code === 0) return [];
    const error = errorOfCode(code);
    // A broker of the days of ZooKeeper that is not the controller.
    return brokerErrorOf(error) === 'NOT_CONTROLLER' ? [] : [{ topic, reason: reason ?? error.message }];
  });
};
