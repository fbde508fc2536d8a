import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import kafkajs, { type Kafka, type Message } from 'kafkajs';
import type { FunctionSettings, MappingSettings } from '../../lib/catalog/index.ts';
import { FunctionHost, type HostedTopic, type HostOptions } from '../../lib/local/functions/host.ts';
import { openRedis, type Redis } from '../../lib/stores/redis.ts';
import { diaryKey, type Entry, type Instruction, type Seen } from '../functions/diary.ts';
import { testStack } from './stack.ts';
import { until } from './until.ts';

/** A topic of a test's own, with a function of test/functions. */
export interface Hosted extends HostedTopic {
  readonly source: string;
}

const MAPPING: MappingSettings = {
  batchSize: 100,
  batchingWindowSeconds: 0,
  maximumRetryAttempts: 1,
  maximumRecordAgeSeconds: 3_600,
  bisectBatchOnFunctionError: false,
  reportBatchItemFailures: true,
  minimumPollers: 1,
  maximumPollers: 1,
};
const FUNCTION: FunctionSettings = { memoryMb: 256, timeoutSeconds: 20, reservedConcurrency: 10 };

/** Describes a topic with a random name whose records go to the function in `test/functions/<file>.ts`. */
export const hosted = (
  file: string,
  some: {
    readonly partitions?: number;
    readonly mapping?: Partial<MappingSettings>;
    readonly function?: Partial<FunctionSettings>;
  } = {},
): Hosted => {
  const name = `test-${file}-${randomUUID().slice(0, 8)}`;
  return {
    name,
    consumerGroup: `${name}-group`,
    partitions: some.partitions ?? 1,
    mapping: { ...MAPPING, ...some.mapping },
    function: { ...FUNCTION, ...some.function },
    source: fileURLToPath(new URL(`../functions/${file}.ts`, import.meta.url)),
  };
};

export const DEAD_LETTERS = `test-dead-letters-${randomUUID().slice(0, 8)}`;

/** Where a test looks at the stack from: the topics it made, what it sends, what the functions wrote down. */
export class Scene {
  readonly settings = testStack().settings;
  readonly kafka: Kafka = new kafkajs.Kafka({
    clientId: 'test',
    brokers: [...this.settings.brokers],
    logLevel: kafkajs.logLevel.NOTHING,
  });
  readonly admin = this.kafka.admin();
  readonly redis: Redis = openRedis(this.settings);
  readonly #producer = this.kafka.producer({
    idempotent: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  readonly #folders: string[] = [];

  /** Creates the topics, and one for dead letters. */
  async open(topics: readonly Hosted[]): Promise<void> {
    await Promise.all([this.admin.connect(), this.#producer.connect()]);
    await this.admin.createTopics({
      topics: [
        { topic: DEAD_LETTERS, numPartitions: 1 },
        ...topics.map(({ name, partitions }) => ({
          topic: name,
          numPartitions: partitions,
          configEntries: [{ name: 'max.message.bytes', value: '8000000' }],
        })),
      ],
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.admin.disconnect(), this.#producer.disconnect()]);
    this.redis.disconnect();
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }

  /** Options of a host for these topics, in a folder of its own. */
  async hostOptions(topics: readonly Hosted[]): Promise<HostOptions> {
    const folder = await mkdtemp(join(tmpdir(), 'qr-functions-test-'));
    this.#folders.push(folder);
    return {
      settings: this.settings,
      topics,
      entries: topics.map(({ name, source }) => ({ name, source })),
      port: 0,
      logDir: join(folder, 'logs'),
      deadLetterDir: join(folder, 'dead-letters'),
      outDir: join(folder, 'dist'),
      deadLetterTopic: DEAD_LETTERS,
      concurrency: 2,
    };
  }

  /** Starts a host in this process and waits until its mappings are in their groups. */
  async host(topics: readonly Hosted[], options?: HostOptions): Promise<FunctionHost> {
    const host = await FunctionHost.start(options ?? (await this.hostOptions(topics)));
    await until('the mappings run', () => host.mappings().every((mapping) => mapping.health().state === 'running'));
    return host;
  }

  /** Sends records to one partition; acknowledged when it returns. */
  async send(topic: Hosted, partition: number, values: readonly Instruction[], more: Partial<Message> = {}) {
    await this.#producer.send({
      topic: topic.name,
      acks: -1,
      messages: values.map((value) => ({ key: `key-${value.n}`, value: JSON.stringify(value), ...more, partition })),
    });
  }

  /** The calls of a topic's function so far. */
  async calls(topic: Hosted): Promise<Entry[]> {
    return (await this.redis.lrange(diaryKey(topic.name), 0, -1)).map((entry) => JSON.parse(entry));
  }

  /** The records a topic's function saw so far, in order, those of failed calls included. */
  async seen(topic: Hosted): Promise<Seen[]> {
    return (await this.calls(topic)).flatMap(({ records }) => records);
  }

  /** What the topic's group has committed, by partition; -1 where nothing is. */
  async committed(topic: Hosted): Promise<number[]> {
    const [offsets] = await this.admin.fetchOffsets({ groupId: topic.consumerGroup, topics: [topic.name] });
    return [...(offsets?.partitions ?? [])]
      .sort((a, b) => a.partition - b.partition)
      .map(({ offset }) => Number(offset));
  }

  /** Waits until the group has committed exactly this. */
  async untilCommitted(topic: Hosted, ...expected: number[]): Promise<void> {
    await until(`${topic.name} is committed up to ${expected}`, async () => {
      const offsets = await this.committed(topic);
      return expected.every((offset, partition) => offsets[partition] === offset);
    });
  }
}

/** Values numbered from `from` on, all with the same instructions. */
export const numbered = (count: number, from = 0, instruction: Instruction = {}): Instruction[] =>
  Array.from({ length: count }, (_, i) => ({ n: from + i, ...instruction }));

/** Offsets seen of each partition, in order. */
export const offsetsByPartition = (seen: readonly Seen[]): Map<number, number[]> => {
  const groups = new Map<number, number[]>();
  for (const { partition, offset } of seen) groups.set(partition, [...(groups.get(partition) ?? []), offset]);
  return groups;
};
