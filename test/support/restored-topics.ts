import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KafkaRecord, OF_THE_TOPIC, readStretches, TOPIC_RESOURCE } from '../../lib/kafka/index.ts';
import {
  createBackup,
  type Manifest,
  openPlace,
  planRestore,
  restoreBackup,
} from '../../lib/operations/backup/index.ts';
import { withAdmin } from '../../lib/operations/cluster.ts';
import { boundsOf } from '../../lib/operations/topics.ts';
import type { Settings } from '../../lib/settings.ts';
import { runPython } from './python.ts';
import { until } from './until.ts';

type Config = Readonly<Record<string, string>>;

/** A record to be written by librdkafka; bytes in Base64. */
export interface ScriptRecord {
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly timestamp: number;
  readonly headers: readonly (readonly [string, string | null])[];
}

/** Records of one codec, in a transaction or not. */
export interface ScriptStep {
  readonly codec: string;
  readonly end: 'none' | 'commit' | 'abort';
  readonly records: readonly ScriptRecord[];
}

export const makeTopic = (settings: Settings, name: string, config: Config = {}, partitions = 1): Promise<boolean> =>
  withAdmin(settings, (admin) =>
    admin.createTopics({
      topics: [
        {
          topic: name,
          numPartitions: partitions,
          configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
        },
      ],
    }),
  );

export const deleteTopics = (settings: Settings, topics: string[]): Promise<void> =>
  withAdmin(settings, async (admin) => {
    await admin.deleteTopics({ topics });
    await until('topics are gone', async () => !(await admin.listTopics()).some((name) => topics.includes(name)));
  });

/** Writes a script with Python's client (test/python/write_script.py). */
export const writeScript = async (settings: Settings, topic: string, steps: readonly ScriptStep[]): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-script-'));
  const file = join(folder, 'steps.json');
  try {
    await writeFile(file, JSON.stringify(steps));
    await runPython('test/python/write_script.py', [settings.brokers.join(','), topic, file]);
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** A record in a form that tests can compare. */
const shown = ({ offset, timestamp, key, value, headers }: KafkaRecord) => ({
  offset,
  timestamp: String(timestamp),
  key: key?.toString('base64') ?? null,
  value: value?.toString('base64') ?? null,
  headers: headers.map(([name, content]) => [name, content?.toString('base64') ?? null]),
});

/** All that a reader of committed records, or an administrator, can tell of a topic. */
export const topicContent = async (settings: Settings, topic: string) => {
  const { bounds, config } = await withAdmin(settings, async (admin) => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: TOPIC_RESOURCE, name: topic }],
    });
    const own = (resources[0]?.configEntries ?? []).filter(({ configSource }) => configSource === OF_THE_TOPIC);
    const config = Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue]).sort());
    return { bounds: await boundsOf(admin, topic), config };
  });
  const records: Record<number, ReturnType<typeof shown>[]> = {};
  await readStretches(
    settings,
    bounds.map(({ partition, begin, end }) => ({ topic, partition, from: begin, end })),
    ({ partition }, some) => {
      records[partition] = [...(records[partition] ?? []), ...some.map(shown)];
      return undefined;
    },
    { clientId: 'test' },
  );
  return { bounds, config, records };
};

/** A backup of some topics in a folder of its own. */
export interface TopicBackup {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Puts it back, or goes on with that. */
  restore(options?: {
    readonly signal?: AbortSignal;
    readonly replace?: boolean;
    onRecords?(done: number): void;
  }): Promise<void>;
  dispose(): Promise<void>;
}

export const backUp = async (settings: Settings, topics: readonly string[]): Promise<TopicBackup> => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-topics-'));
  const place = openPlace(folder, settings);
  const { manifest } = await createBackup(settings, place, {
    topics,
    parts: [],
    quietly: async (work) => ({ result: await work(), wasQuiet: false }),
    onProgress: () => undefined,
  });
  return {
    folder,
    manifest,
    restore: async ({ signal, replace = false, onRecords = () => undefined } = {}) => {
      const plan = await planRestore(settings, place, manifest, { parts: [] });
      await restoreBackup(settings, place, manifest, plan, {
        parts: [],
        replace,
        onProgress: ({ step, done }) => step === 'records' && onRecords(done),
        ...(signal === undefined ? {} : { signal }),
      });
    },
    dispose: () => rm(folder, { recursive: true }),
  };
};
