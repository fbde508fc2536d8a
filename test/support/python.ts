import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../../lib/functions/index.ts';
import { fetchPip, pythonOf } from '../../lib/local/packages/pip.ts';

/** A second implementation of everything on the wire: librdkafka and Confluent's own serializers. */
const CLIENT = 'confluent-kafka[avro,schemaregistry]==2.15.1';

const CLIENT_FOLDER = `test-python-${CLIENT.split('==')[1]}`;

/**
 * Makes a virtual environment that has a package, once, by pip.
 *
 * @param name of its folder, which should hold the version
 * @param requirement as pip takes it
 * @returns its Python
 */
export const pythonWith = async (name: string, requirement: string): Promise<string> => {
  const folder = folderOf(name);
  const complete = join(folder, '.complete');
  if (!existsSync(complete)) {
    await rm(folder, { recursive: true, force: true });
    await fetchPip({ kind: 'pip', requirements: [requirement] }, folder, () => undefined);
    await writeFile(complete, '');
  }
  return pythonOf(folder);
};

const folderOf = (name: string): string => join(PROJECT_ROOT, '.streams', 'packages', name);

/** Makes the virtual environment that has the Kafka client. */
export const installPython = async (): Promise<void> => {
  await pythonWith(CLIENT_FOLDER, CLIENT);
};

/** How a Python script that has the Kafka client is started, by a test that talks to it while it runs. */
export const pythonScript = (script: string, args: readonly string[] = []): { command: string; args: string[] } => ({
  command: pythonOf(folderOf(CLIENT_FOLDER)),
  args: [join(PROJECT_ROOT, script), ...args],
});

/**
 * Runs a Python script that has the Kafka client; test/python.setup.ts has installed it.
 *
 * @returns its standard output
 * @throws Error with all that it said when it ends with anything but 0
 */
export const runPython = async (script: string, args: readonly string[] = []): Promise<string> =>
  (await promisify(execFile)(pythonOf(folderOf(CLIENT_FOLDER)), [script, ...args], { cwd: PROJECT_ROOT })).stdout;
