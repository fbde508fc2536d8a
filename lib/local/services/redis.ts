import { access, chmod, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StreamError } from '../../errors.ts';
import { redis as probe } from '../probes.ts';
import type { Service } from './service.ts';

/** How the binaries in the package name platforms. */
const BINARY: Readonly<Record<string, RegExp>> = {
  'linux-x64': /linux-amd64$/,
  'linux-arm64': /linux-arm64$/,
  'darwin-x64': /darwin-amd64$/,
  'darwin-arm64': /darwin-arm64$/,
};

/** The program of this platform in the folder of the package. */
export const redisServerIn = async (folder: string): Promise<string> => {
  const platform = `${process.platform}-${process.arch}`;
  const pattern = BINARY[platform];
  const name = (await readdir(folder)).find((file) => pattern?.test(file) === true);
  if (name === undefined) {
    throw new StreamError('PREREQUISITE_MISSING', `There is no packaged Redis for ${platform}.`, {
      next: 'Run the stack in Docker: ./stream-manager.sh start --engine docker',
    });
  }
  const path = join(folder, name);
  // Maven unpacks without the right to run it; a folder that others share may not be ours to change.
  await access(path, constants.X_OK).catch(() => chmod(path, 0o755));
  return path;
};

/** Every write reaches the kernel before it is answered, and the disk within a second: it survives the process. */
const PERSISTENCE = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''];

/** Keys are spread over slots, and all slots are this server's; what others are to call it stands in its answers. */
const CLUSTER = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];

export const redis: Service = {
  name: 'redis',
  title: 'Redis',
  container: 'qr-redis',
  listens: ['redis'],
  endpoint: (port) => `localhost:${port}`,
  probe,
  native: {
    packages: ['redis'],
    // A file that is cut off is taken up to its last whole command, and one that is gone is an empty cache: `health` tells both.
    lastWords: [
      [
        /Bad file format reading the append only file|Unexpected end of file reading the append only/,
        'appendonly.aof cannot be read',
      ],
      [
        /Short read or OOM loading DB|Internal error in RDB|RDB file .*corrupt/i,
        'appendonly.aof begins with a snapshot that cannot be read',
      ],
    ],
    withoutData:
      'move that folder aside, start, and repair the cache: ./stream-manager.sh repair --from BACKUP, or --since 30d without one',
    command: async ({ packageFolder, ports, redisMode }) => ({
      program: await redisServerIn(packageFolder('redis')),
      args: [
        ...['--port', String(ports.redis), '--bind', '127.0.0.1', '--dir', '.', '--daemonize', 'no'],
        ...PERSISTENCE,
        ...(redisMode === 'cluster' ? CLUSTER : []),
      ],
    }),
  },
  docker: {
    // The native engine has 6.2 too, so both know the same commands. The tag is recorded, with what is in it, in
    // docker-library/repo-info, repos/redis/remote/6.2.24-alpine.md: /data belongs to its user redis.
    image: 'redis:6.2.24-alpine',
    command: ['redis-server', ...PERSISTENCE],
    port: 6379,
    volume: '/data',
    healthCheck: 'redis-cli ping | grep -q PONG',
    memory: '512m',
  },
};
