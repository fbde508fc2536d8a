import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchPackages, packageFolder } from '../../lib/local/packages/index.ts';
import { packagesFolder } from '../../lib/local/paths.ts';
import { type Ended, run } from '../../lib/local/run.ts';
import { type DockerService, isDocker, SERVICES } from '../../lib/local/services/index.ts';

/** Carried by the images that are built here, with a digest of what they were built from; a real image never has it. */
const LABEL = 'qr-streams.stand-in';
const FOLDER = join(import.meta.dirname, 'images');
const PULL_TIMEOUT_MS = 600_000;

const docker = (args: readonly string[], timeoutMs?: number): Promise<Ended> =>
  run('docker', args, timeoutMs === undefined ? {} : { timeoutMs });

/**
 * Sees to it that every image of the compose file is there: real ones stay as they are or are pulled; where no registry is
 * within reach, and with `QR_DOCKER_STAND_INS=1`, small images under the same names are built from the packages of the
 * native engine.
 *
 * @returns for each service whether its image is `real` or a `stand-in`
 */
export const ensureImages = async (env = process.env): Promise<Record<string, 'real' | 'stand-in'>> => {
  const kinds: Record<string, 'real' | 'stand-in'> = {};
  for (const service of SERVICES.filter(isDocker))
    kinds[service.name] = await ensureImage(service, env.QR_DOCKER_STAND_INS === '1');
  return kinds;
};

const ensureImage = async (service: DockerService, standIns: boolean): Promise<'real' | 'stand-in'> => {
  const { image, build: folder } = service.docker;
  const there = await docker(['image', 'inspect', '--format', `{{index .Config.Labels "${LABEL}"}}`, image]);
  const label = there.output.trim();
  if (there.code === 0 && (label === '' || label === '<no value>')) return 'real';
  const source = await digestOf(join(FOLDER, service.name));
  if (there.code === 0 && label === source) return 'stand-in';
  const get = folder === undefined ? ['pull', image] : ['build', '--tag', image, folder];
  if (there.code !== 0 && !standIns && (await docker(get, PULL_TIMEOUT_MS)).code === 0) return 'real';
  await build(service, source);
  return 'stand-in';
};

const digestOf = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digest = createHash('sha256');
  for (const file of files.sort()) digest.update(`${file.slice(folder.length)}\0`).update(await readFile(file));
  return digest.digest('hex').slice(0, 16);
};

/** The Dockerfile's folder and the service's package make a build context; only Debian's packages come from elsewhere. */
const build = async ({ name, native, docker: { image } }: DockerService, source: string): Promise<void> => {
  const packages = packagesFolder();
  const names = native?.packages ?? [];
  await fetchPackages(packages, names, () => undefined);
  const context = await mkdtemp(join(tmpdir(), `qr-streams-${name}-`));
  try {
    await cp(join(FOLDER, name), context, { recursive: true });
    for (const each of names) {
      await cp(packageFolder(packages, each), join(context, 'package'), {
        recursive: true,
        verbatimSymlinks: true,
        // Classes of this machine's Java.
        filter: (path) => !path.endsWith('.jsa'),
      });
    }
    // On the host's network, because a build has no other way to the mirror of a machine whose engine has no bridge to it.
    const label = `${LABEL}=${source}`;
    const { code, output } = await docker(['build', '--network', 'host', '--label', label, '--tag', image, context]);
    if (code !== 0) throw new Error(`The stand-in for ${image} could not be built:\n${output.slice(-2_000)}`);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
};
