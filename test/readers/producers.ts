import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../lib/functions/index.ts';
import { packagesFolder } from '../../lib/local/paths.ts';
import { run } from '../../lib/local/run.ts';
import { installPython, runPython } from '../support/python.ts';
import type { Abilities, Codec, Step, Written } from './plan.ts';

/** Where records go that name no topic of their own. */
export interface Target {
  /** Comma separated `host:port`. */
  readonly brokers: string;
  readonly topic: string;
}

/** A client that is not ours. */
export interface Producer extends Abilities {
  readonly name: string;
  /** Readies the client on this machine. */
  install(): Promise<void>;
  /** Writes what the steps say; all of it is acknowledged when it returns. */
  write(target: Target, codec: Codec, steps: readonly Step[]): Promise<void>;
}

const base64 = (bytes: Buffer | null): string | null => bytes?.toString('base64') ?? null;

const layoutOf = ({ key, value, headers, timestamp, to }: Written) => ({
  ...{ key: base64(key), value: base64(value), timestamp: timestamp === undefined ? null : String(timestamp) },
  ...to,
  headers: headers.map(([name, content]) => [name, base64(content)]),
});

const withFolder = async <Value>(use: (folder: string) => Promise<Value>): Promise<Value> => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-readers-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Has a program read the steps from a file. */
const withPlan = (
  target: Target,
  codec: Codec,
  steps: readonly Step[],
  use: (path: string) => Promise<unknown>,
): Promise<void> =>
  withFolder(async (folder) => {
    const path = join(folder, 'plan.json');
    const layout = steps.map((step) => ({
      ...{ client: step.client, does: step.does, codec },
      ...(step.does === 'send' ? { records: step.records.map(layoutOf) } : {}),
    }));
    await writeFile(path, JSON.stringify({ ...target, steps: layout }));
    await use(path);
  });

const must = async (program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<void> => {
  const { code, output } = await run(program, args, { env });
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${output.slice(-2_000)}`);
};

const python: Producer = {
  ...{ name: 'python', transactions: true, timestamps: true, anyBytes: true },
  install: installPython,
  write: (target, codec, steps) =>
    withPlan(target, codec, steps, (path) => runPython('test/python/write_plan.py', [path])),
};

const java: Producer = {
  ...{ name: 'java', transactions: true, timestamps: true, anyBytes: true },
  install: async () => undefined,
  write: async (target, codec, steps) => {
    const kafka = (await readdir(packagesFolder())).find((name) => name.startsWith('kafka-'));
    const libraries = join(packagesFolder(), kafka ?? '', '*');
    await withPlan(target, codec, steps, (path) =>
      must('java', ['-cp', libraries, join(PROJECT_ROOT, 'test/java/WriteRecords.java'), path]),
    );
  },
};

/** Debian's own; taken apart into a folder where it is not installed. */
const KCAT = join(PROJECT_ROOT, '.streams', 'packages', 'test-kcat');
const KCAT_PACKAGES = ['kcat', 'librdkafka1', 'libyajl2'];

const kcat: Producer = {
  ...{ name: 'kcat', transactions: false, timestamps: false, anyBytes: false },
  install: async () => {
    if ((await run('kcat', ['-V'])).code === 0 || existsSync(join(KCAT, '.complete'))) return;
    await withFolder(async (folder) => {
      const { code, output } = await run('apt-get', ['download', ...KCAT_PACKAGES], { cwd: folder });
      if (code !== 0) throw new Error(`kcat could not be downloaded; install it with apt-get: ${output}`);
      for (const file of await readdir(folder)) await must('dpkg-deb', ['-x', join(folder, file), KCAT]);
    });
    await writeFile(join(KCAT, '.complete'), '');
  },
  write: (target, codec, steps) =>
    withFolder(async (folder) => {
      const isOurs = existsSync(join(KCAT, '.complete'));
      const program = isOurs ? join(KCAT, 'usr/bin/kcat') : 'kcat';
      const libraries = [join(KCAT, 'usr/lib/x86_64-linux-gnu'), join(KCAT, 'usr/lib')].join(':');
      const env = isOurs ? { ...process.env, LD_LIBRARY_PATH: libraries } : process.env;
      for (const records of alike(steps.flatMap((step) => (step.does === 'send' ? step.records : [])))) {
        const [first] = records;
        if (first === undefined) continue;
        const file = join(folder, 'values');
        await writeFile(file, records.map(({ value }) => String(value)).join(LINE));
        const headers = first.headers.flatMap(([name, value]) => ['-H', `${name}=${value}`]);
        const place = ['-b', target.brokers, '-t', target.topic, '-p', '0', '-z', codec, '-k', String(first.key)];
        await must(program, ['-P', '-l', '-D', LINE, ...place, ...headers, file], env);
      }
    }),
};

/** Between values of one call, of which none holds it. */
const LINE = '\u001e';

/** Records that follow each other with the same key and headers: kcat gives them to all of a call. */
const alike = (records: readonly Written[]): readonly (readonly Written[])[] => {
  const groups: Written[][] = [];
  const nameOf = ({ key, headers }: Written): string => JSON.stringify([String(key), headers]);
  for (const record of records) {
    const last = groups.at(-1);
    if (last?.[0] !== undefined && nameOf(last[0]) === nameOf(record)) last.push(record);
    else groups.push([record]);
  }
  return groups;
};

export const PRODUCERS: readonly Producer[] = [python, java, kcat];
