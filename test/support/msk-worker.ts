import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchMaven } from '../../lib/local/packages/maven.ts';
import { packagesFolder } from '../../lib/local/paths.ts';
import { freePorts } from './ports.ts';
import { isRunning } from './processes.ts';
import { until } from './until.ts';

/** The Kafka Connect of MSK Connect, of which AWS says 3.7.x (lib/infra/connect/limits.ts). */
const VERSION = '3.7.2';

const installed = async (): Promise<string> => {
  const folder = join(packagesFolder(), `test-connect-${VERSION}`);
  const complete = join(folder, '.complete');
  if (existsSync(complete)) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const artifacts = [
    ...['connect-runtime', 'connect-json'].map((artifactId) => ({
      groupId: 'org.apache.kafka',
      artifactId,
      version: VERSION,
    })),
    { groupId: 'org.slf4j', artifactId: 'slf4j-simple', version: '1.7.36' },
  ];
  await fetchMaven({ kind: 'maven', goal: 'copy', artifacts }, folder, () => undefined);
  await writeFile(complete, '');
  return folder;
};

export interface MskWorkerChoices {
  /** Where it keeps its log and its settings. */
  readonly folder: string;
  readonly kafka: string;
  /** The folder that the plugin's archive unfolds to. */
  readonly plugins: string;
  /** What the worker configurations of its connectors say. */
  readonly settings: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** A worker of that version, with the settings that MSK Connect makes itself and those it is given. */
export const mskWorker = async ({ folder, kafka, plugins, settings, env }: MskWorkerChoices) => {
  const jars = await installed();
  const [port = 0] = await freePorts(1);
  const file = join(folder, 'msk-worker.properties');
  const own = {
    'bootstrap.servers': kafka,
    'group.id': '__amazon_msk_connect_test',
    listeners: `http://127.0.0.1:${port}`,
    'plugin.path': plugins,
    ...Object.fromEntries(
      ['config', 'offset', 'status'].flatMap((kind) => [
        [`${kind}.storage.topic`, `__amazon_msk_connect_${kind}s_test`],
        [`${kind}.storage.replication.factor`, '1'],
      ]),
    ),
    ...settings,
  };
  await writeFile(
    file,
    Object.entries(own)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const log = join(folder, 'msk-worker.log');
  const output = openSync(log, 'w');
  const main = 'org.apache.kafka.connect.cli.ConnectDistributed';
  const child: ChildProcess = spawn('java', ['-Xmx512m', '-cp', `${jars}/*`, main, file], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output],
  });
  const url = `http://127.0.0.1:${port}`;
  await until(
    'the worker answers',
    async () => (await fetch(`${url}/connectors`).catch(() => undefined))?.ok === true,
    { timeoutMs: 180_000, everyMs: 500 },
  );
  return {
    url,
    /** The file of it. */
    log,
    stop: async (): Promise<void> => {
      const { pid } = child;
      child.kill('SIGKILL');
      if (pid !== undefined) await until('the worker is gone', () => !isRunning(pid));
    },
  };
};
