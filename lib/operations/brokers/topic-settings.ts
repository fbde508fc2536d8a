import { StreamError } from '../../errors.ts';
import type { Admin } from '../../kafka/index.ts';
import { type BrokerRequest, onBroker } from '../../kafka/index.ts';
import { array, int8, string } from '../../kafka/wire.ts';
import type { Settings } from '../../settings.ts';

/** A setting of a topic and the value it is to have; null gives it back to the broker's default. */
export interface SettingChange {
  readonly topic: string;
  readonly name: string;
  readonly value: string | null;
}

const TOPIC = 2;
const SET = 0;
const DELETE = 1;
const NO_VALIDATION_ONLY = int8(0);

const settingBytes = ({ name, value }: SettingChange): Buffer =>
  Buffer.concat([string(name), int8(value === null ? DELETE : SET), string(value)]);

/** IncrementalAlterConfigs, version 0. @returns what the broker said of each topic that it refused */
const incrementalAlterConfigs = (changes: readonly SettingChange[]): BrokerRequest<readonly string[]> => {
  const topics = [...new Set(changes.map(({ topic }) => topic))];
  const resources = topics.map((topic) =>
    Buffer.concat([
      int8(TOPIC),
      string(topic),
      array(changes.filter((change) => change.topic === topic).map(settingBytes)),
    ]),
  );
  return {
    key: 44,
    version: 0,
    body: Buffer.concat([array(resources), NO_VALIDATION_ONLY]),
    read: (reader) => {
      reader.int32(); // throttled for, ms
      const answers = reader.array(() => {
        const [code, said] = [reader.int16(), reader.string()];
        reader.int8(); // kind of resource
        return { code, said, topic: reader.string() };
      });
      return answers.flatMap(({ code, said, topic }) => (code === 0 ? [] : [`${topic}: ${said ?? `code ${code}`}`]));
    },
  };
};

/**
 * Changes these settings and no others. (kafkajs has only the older request, which resets every setting it does not name.)
 *
 * @throws StreamError REFUSED with the broker's own sentence; TransientError BROKER_UNAVAILABLE
 */
export const changeTopicSettings = async (
  admin: Admin,
  settings: Pick<Settings, 'kafkaAuth'>,
  changes: readonly SettingChange[],
): Promise<void> => {
  if (changes.length === 0) return;
  const [broker] = (await admin.describeCluster()).brokers;
  if (broker === undefined) throw new StreamError('SERVICE_FAILED', 'The cluster has no broker.');
  const refused = await onBroker(settings, broker, (ask) => ask(incrementalAlterConfigs(changes)));
  if (refused.length > 0) throw new StreamError('REFUSED', `Kafka refused: ${refused.join('; ')}.`);
};
