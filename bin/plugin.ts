import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exitCodeOf, tell } from '../lib/cli/failure.ts';
import { bytes } from '../lib/cli/format.ts';
import { right, table } from '../lib/cli/table.ts';
import { print } from '../lib/cli/terminal.ts';
import { StreamError } from '../lib/errors.ts';
import { PROJECT_ROOT } from '../lib/functions/index.ts';
import { PLUGIN_ARCHIVE } from '../lib/infra/plugin.ts';
import { mavenReason } from '../lib/local/packages/maven.ts';
import { run } from '../lib/local/run.ts';

const PROJECT = join(PROJECT_ROOT, 'connect', 'pom.xml');
const BUILT = join(PROJECT_ROOT, 'connect', 'aws', 'target');

/** Larger than this is a mistake in the dependencies; AWS's page of quotas names no limit. */
const MOST_BYTES = 200_000_000;

/** `npm run build:plugin`: builds the custom plugin of MSK Connect, and tells how large it and its parts are. */
const main = async (): Promise<void> => {
  // Maven leaves what an earlier build has put there, and does not unpack twice.
  await rm(BUILT, { recursive: true, force: true });
  const { code, output } = await run('mvn', ['--batch-mode', '--file', PROJECT, 'package', '-DskipTests']);
  if (code !== 0) {
    throw new StreamError('SERVICE_FAILED', `Maven could not build the plugin: ${mavenReason({ code, output })}`, {
      next: `It needs Maven and a JDK 17; see more: mvn --file ${PROJECT} package`,
    });
  }
  await mkdir(dirname(PLUGIN_ARCHIVE), { recursive: true });
  await copyFile(join(BUILT, 'qr-connect.zip'), PLUGIN_ARCHIVE);
  const folders = (await readdir(join(BUILT, 'archive'))).sort();
  const rows = await Promise.all(
    folders.map(async (folder) => [folder, bytes(await sizeOf(join(BUILT, 'archive', folder)))]),
  );
  const { size } = await stat(PLUGIN_ARCHIVE);
  print(table(['PART', right('SIZE')], [...rows, ['dist/connect/qr-connect.zip', bytes(size)]]));
  if (size > MOST_BYTES) {
    throw new StreamError('REFUSED', `The plugin has ${bytes(size)}, more than the ${bytes(MOST_BYTES)} it may have.`, {
      next: 'Look which jars are large, and exclude what the worker has already: connect/aws/pom.xml',
    });
  }
};

const sizeOf = async (folder: string): Promise<number> => {
  const sizes = await Promise.all((await readdir(folder)).map(async (file) => (await stat(join(folder, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

try {
  await main();
} catch (error) {
  tell(error);
  process.exitCode = exitCodeOf(error);
}
