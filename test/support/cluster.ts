import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKafka } from '../../lib/events/index.ts';
import { packageFolder } from '../../lib/local/packages/index.ts';
import { packagesFolder } from '../../lib/local/paths.ts';
import { run } from '../../lib/local/run.ts';
import { freePorts } from './ports.ts';
import { isRunning } from './processes.ts';
import { until } from './until.ts';

/** Three real brokers, each its own process, as in three zones: replication 3, two must have a record. */
export interface Cluster {
  readonly brokers: readonly string[];
  /** Ends a broker (0 to 2) by SIGKILL. */
  kill(broker: number): Promise<void>;
  /** Starts it again, and waits until all three are in the cluster. */
  revive(broker: number): Promise<void>;
  dispose(): Promise<void>;
}

const SIZE = 3;
const CLUSTER_ID = 'cXItc3RyZWFtcy10ZXN0MA';

/** Uses the broker that the native engine has fetched. */
export const startCluster = async (): Promise<Cluster> => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-cluster-'));
  const jars = packageFolder(packagesFolder(), 'kafka');
  const classPath = (await readdir(jars)).map((jar) => join(jars, jar)).join(':');
  const ports = await freePorts(2 * SIZE);
  const voters = Array.from({ length: SIZE }, (_, i) => `${i + 1}@127.0.0.1:${ports[SIZE + i]}`).join(',');
  const brokers = ports.slice(0, SIZE).map((port) => `127.0.0.1:${port}`);
  const fileOf = (broker: number): string => join(folder, String(broker), 'server.properties');

  for (let broker = 0; broker < SIZE; broker += 1) {
    const settings = {
      'process.roles': 'broker,controller',
      'node.id': broker + 1,
      'controller.quorum.voters': voters,
      'controller.listener.names': 'CONTROLLER',
      listeners: `PLAINTEXT://${brokers[broker]},CONTROLLER://127.0.0.1:${ports[SIZE + broker]}`,
      'advertised.listeners': `PLAINTEXT://${brokers[broker]}`,
      'log.dirs': join(folder, String(broker), 'logs'),
      'default.replication.factor': SIZE,
      'min.insync.replicas': 2,
      'offsets.topic.replication.factor': SIZE,
      'offsets.topic.num.partitions': SIZE,
      'group.initial.rebalance.delay.ms': 0,
      'auto.create.topics.enable': false,
      'log.cleaner.dedupe.buffer.size': 16_777_216,
    };
    await mkdir(join(folder, String(broker)));
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(fileOf(broker), lines.join(''));
  }
  const formats = Array.from({ length: SIZE }, async (_, broker) => {
    const words = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', fileOf(broker)];
    const { code, output } = await run('java', ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', classPath, ...words]);
    if (code !== 0) throw new Error(output);
  });
  await Promise.all(formats);

  const processes: ChildProcess[] = [];
  const begin = (broker: number): void => {
    const log = openSync(join(folder, String(broker), 'log.txt'), 'a');
    const words = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classPath, 'kafka.Kafka'];
    processes[broker] = spawn('java', [...words, fileOf(broker)], { stdio: ['ignore', log, log] });
  };
  const isWhole = async (): Promise<boolean> => {
    const admin = openKafka({ brokers }, { clientId: 'test', retries: 0 }).admin();
    try {
      await admin.connect();
      return (await admin.describeCluster()).brokers.length === SIZE;
    } finally {
      await admin.disconnect();
    }
  };
  const whole = () => until('the cluster is whole', isWhole, { timeoutMs: 90_000, everyMs: 200 });
  const kill = async (broker: number): Promise<void> => {
    const pid = processes[broker]?.pid;
    if (pid === undefined) return;
    processes[broker]?.kill('SIGKILL');
    await until('the broker is gone', () => !isRunning(pid));
  };

  for (let broker = 0; broker < SIZE; broker += 1) begin(broker);
  await whole();
  return {
    brokers,
    kill,
    revive: async (broker) => {
      begin(broker);
      await whole();
    },
    dispose: async () => {
      await Promise.all(processes.map((_, broker) => kill(broker)));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
