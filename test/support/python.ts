import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../../lib/functions/index.ts';
import { fetchPip } from '../../lib/local/packages/pip.ts';

/** A second implementation of everything on the wire: librdkafka and Confluent's own serializers. */
const CLIENT = 'confluent-kafka[avro,schemaregistry]==2.15.1';

const FOLDER = join(PROJECT_ROOT, '.streams', 'packages', `test-python-${CLIENT.split('==')[1]}`);
const COMPLETE = join(FOLDER, '.complete');

const PYTHON = join(FOLDER, 'bin', 'python');

/** Makes a virtual environment that has the client, once, by pip. */
export const installPython = async (): Promise<void> => {
  if (existsSync(COMPLETE)) return;
  await rm(FOLDER, { recursive: true, force: true });
  await fetchPip({ kind: 'pip', requirements: [CLIENT] }, FOLDER, () => undefined);
  await writeFile(COMPLETE, '');
};

/**
 * Runs a Python script that has the Kafka client; test/python.setup.ts has installed it.
 *
 * @returns its standard output
 * @throws Error with all that it said when it ends with anything but 0
 */
export const runPython = async (script: string, args: readonly string[] = []): Promise<string> =>
  (await promisify(execFile)(PYTHON, [script, ...args], { cwd: PROJECT_ROOT })).stdout;
