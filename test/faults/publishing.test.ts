import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPublisher, type RawRecord } from '../../lib/events/index.ts';
import { openKafka } from '../../lib/kafka/index.ts';
import { MORE_BROKERS } from '../../lib/local/services/index.ts';
import { settingsOfPorts } from '../../lib/local/stack-settings.ts';
import { readTopic } from '../../lib/operations/reader.ts';
import type { Settings } from '../../lib/settings.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { until } from '../support/until.ts';

/**
 * A broker dies while callers publish. What was acknowledged is found in the log, by reading it from its first offset to
 * its last with a client that knows nothing of the publisher; what was not may be there or not, and twice as well.
 */

const PARTITIONS = 12;
const CALLERS = 16;

type Target = Pick<Settings, 'brokers' | 'registryUrl'>;
/** Publishes one record a partition, in one call. */
type Send = (records: readonly RawRecord[]) => Promise<unknown>;

const makeTopic = async ({ brokers }: Target, replicas: number): Promise<string> => {
  const topic = `integrity-${randomUUID()}`;
  const admin = openKafka({ brokers }, { clientId: 'test', retries: 10 }).admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: [{ topic, numPartitions: PARTITIONS, replicationFactor: replicas }],
  });
  await admin.disconnect();
  return topic;
};

/** Callers side by side, each one call after the other, until it is enough. */
const publishing = (topic: string, send: Send) => {
  const acknowledged = new Set<string>();
  let failed = 0;
  let isEnough = false;
  const caller = async (): Promise<void> => {
    while (!isEnough) {
      const ids = Array.from({ length: PARTITIONS }, () => randomUUID());
      const records = ids.map(
        (id, partition): RawRecord => ({ topic, partition, key: Buffer.from(id), value: Buffer.from(id), headers: [] }),
      );
      try {
        await send(records);
        for (const id of ids) acknowledged.add(id);
      } catch {
        failed += 1;
      }
    }
  };
  const callers = Promise.all(Array.from({ length: CALLERS }, caller));
  return {
    acknowledged,
    failed: () => failed,
    end: async () => {
      isEnough = true;
      await callers;
    },
  };
};

/** How often each record is in the log. */
const logOf = async (target: Target, topic: string): Promise<Map<string, number>> => {
  const found = new Map<string, number>();
  await readTopic(target, topic, { from: 'beginning', untilEnd: true }, ({ value }) => {
    const id = value?.toString() ?? '';
    found.set(id, (found.get(id) ?? 0) + 1);
  });
  return found;
};

interface Outcome {
  readonly acknowledged: number;
  readonly lost: number;
  readonly twice: number;
  readonly failedCalls: number;
}

/** Publishes, lets `fault` happen in the middle, goes on for a while after it, and reads the log. */
const underFault = async (
  target: Target,
  replicas: number,
  send: Send,
  fault: () => Promise<void>,
): Promise<Outcome> => {
  const topic = await makeTopic(target, replicas);
  const work = publishing(topic, send);
  const more = async (count: number): Promise<void> => {
    const wanted = work.acknowledged.size + count;
    await until('more is acknowledged', () => work.acknowledged.size >= wanted, { timeoutMs: 90_000 });
  };
  await more(2_000);
  await fault();
  await more(2_000);
  await work.end();
  const log = await logOf(target, topic);
  return {
    acknowledged: work.acknowledged.size,
    lost: [...work.acknowledged].filter((id) => !log.has(id)).length,
    twice: [...log.values()].filter((count) => count > 1).length,
    failedCalls: work.failed(),
  };
};

describe('the only broker is killed and started again', () => {
  let stack: OwnStack;
  beforeAll(async () => {
    stack = await ownStack();
    await stack.start();
  });
  afterAll(() => stack.dispose());

  it('every acknowledged record is in the log', async () => {
    const publisher = openPublisher(stack.settings);
    const outcome = await underFault(stack.settings, 1, publisher.publishRaw, async () => {
      await stack.kill('kafka');
      await stack.start();
    });
    await publisher.close();
    console.log('one broker:', outcome);
    expect(outcome).toMatchObject({ lost: 0 });
    expect(outcome.acknowledged).toBeGreaterThanOrEqual(4_000);
  });
});

describe('one of three brokers is killed', () => {
  let stack: OwnStack;
  let target: Target;
  const left = ['kafka-2', 'kafka'];
  const killOne = (): Promise<void> => stack.kill(left.pop() ?? 'kafka-3');
  beforeAll(async () => {
    stack = await ownStack('three');
    await stack.start('--brokers', '3');
    target = settingsOfPorts(stack.ports, process.env, [MORE_BROKERS]);
  });
  afterEach(() => stack.start());
  afterAll(() => stack.dispose());

  it('every acknowledged record is in the log', async () => {
    const publisher = openPublisher(target);
    const outcome = await underFault(target, 3, publisher.publishRaw, killOne);
    await publisher.close();
    console.log('three brokers, this publisher:', outcome);
    expect(outcome).toMatchObject({ lost: 0 });
  });

  it('the same with plain kafkajs, for comparison: a figure, nothing is expected of it', async () => {
    const producer = openKafka(target, { clientId: 'plain' }).producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const send: Send = (records) =>
      producer.sendBatch({
        acks: -1,
        topicMessages: [
          {
            topic: records[0]?.topic ?? '',
            messages: records.map(({ key, value, partition }) => ({
              key,
              value,
              ...(partition === undefined ? {} : { partition }),
            })),
          },
        ],
      });
    const outcome = await underFault(target, 3, send, killOne);
    await producer.disconnect();
    console.log('three brokers, plain kafkajs:', outcome);
    expect(outcome.acknowledged).toBeGreaterThan(0);
  });
});
