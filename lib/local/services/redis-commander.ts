import { join } from 'node:path';
import { PROJECT_ROOT } from '../../functions/root.ts';
import { http } from '../probes.ts';
import { contentVersion } from './content-version.ts';
import type { Service } from './service.ts';

const PROJECT = join(PROJECT_ROOT, 'lib', 'local', 'redis-commander');

/** Of both engines: the same lock file. Its own image is pinned nowhere but in a registry of its own, and not for ARM. */
export const REDIS_COMMANDER = {
  project: PROJECT,
  version: `0.9.0-${contentVersion(
    PROJECT,
    ['package.json', 'package-lock.json', 'Dockerfile'].map((name) => join(PROJECT, name)),
  )}`,
} as const;

const PROGRAM = join('node_modules', 'redis-commander', 'bin', 'redis-commander.js');

/** What people look at is the one Redis of the stack: no list of others is kept, and no value goes to the log. */
const FLAGS = ['--redis-label', 'qr-streams', '--noload', '--nosave', '--no-log-data'];

export const redisCommander: Service = {
  name: 'redis-commander',
  title: 'Redis Commander',
  container: 'qr-redis-commander',
  needs: ['redis'],
  listens: ['redis-commander'],
  endpoint: (port) => `http://localhost:${port}`,
  probe: http('/healthcheck'),
  native: {
    packages: ['redis-commander'],
    command: ({ packageFolder, ports, redisMode }) => ({
      program: process.execPath,
      args: [
        // There for a person now and then: small rather than fast.
        ...['--optimize-for-size', '--max-semi-space-size=1', '--max-old-space-size=128'],
        join(packageFolder('redis-commander'), PROGRAM),
        ...['--address', '127.0.0.1', '--port', String(ports['redis-commander'])],
        ...['--redis-host', '127.0.0.1', '--redis-port', String(ports.redis)],
        ...(redisMode === 'cluster' ? ['--is-cluster'] : []),
        ...FLAGS,
      ],
      env: { NODE_ENV: 'production' },
    }),
  },
  docker: {
    image: `qr-streams/redis-commander:${REDIS_COMMANDER.version}`,
    build: PROJECT,
    command: ['--redis-host', 'qr-redis', ...FLAGS],
    port: 8081,
    healthCheck: 'node node_modules/redis-commander/bin/healthcheck.js',
    memory: '256m',
  },
};
