import { onBroker } from '../../lib/kafka/index.ts';
import { array, int8, string } from '../../lib/kafka/wire.ts';
import { withAdmin } from '../../lib/operations/cluster.ts';
import type { Settings } from '../../lib/settings.ts';

const BROKER = 4;
const SET = 0;
const CHANGE = 0;

/**
 * Lets the brokers of a cluster look for something to compact four times a second, where they would wait 15 s: tests of
 * compacted topics wait for that. It can be changed while they run (Kafka's documentation, "Updating Broker Configs":
 * cluster-wide); IncrementalAlterConfigs, version 0, for all brokers, whose name is empty.
 */
export const compactSoon = async (settings: Settings): Promise<void> => {
  const { brokers } = await withAdmin(settings, (admin) => admin.describeCluster());
  const [broker] = brokers;
  if (broker === undefined) throw new Error('the cluster has no broker');
  const change = Buffer.concat([string('log.cleaner.backoff.ms'), int8(SET), string('250')]);
  const resource = Buffer.concat([int8(BROKER), string(''), array([change])]);
  const code = await onBroker(settings, broker, (ask) =>
    ask({
      key: 44,
      version: 0,
      body: Buffer.concat([array([resource]), int8(CHANGE)]),
      read: (reader) => {
        reader.int32(); // throttled for, ms
        return reader.array(() => {
          const [code, said] = [reader.int16(), reader.string()];
          reader.int8(); // kind of resource
          return { code, said, name: reader.string() };
        })[0];
      },
    }),
  );
  if (code?.code !== 0) throw new Error(`the cleaner stays as it is: ${code?.said}`);
};
