import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { http } from '../probes.ts';
import type { Service } from './service.ts';

/** Of both engines. */
export const MINISTACK_VERSION = '1.5.33';

/** Variables of the emulator: everything in one process, objects and state kept on disk. */
const variables = (data: string, host: string, port: number): Readonly<Record<string, string>> => ({
  GATEWAY_PORT: String(port),
  BIND_HOST: host,
  S3_PERSIST: '1',
  S3_DATA_DIR: `${data}/s3`,
  PERSIST_STATE: '1',
  STATE_DIR: `${data}/state`,
});

/**
 * MiniStack (MIT): S3, SES, SNS, ACM and others on one port. Moto, the better known emulator, keeps everything in memory
 * and takes three times as long for an upload.
 */
export const aws: Service = {
  name: 'aws',
  title: 'AWS emulator',
  container: 'qr-aws',
  listens: ['aws'],
  endpoint: (port) => `http://localhost:${port}`,
  probe: http('/_ministack/health'),
  native: {
    damage: async (data, hadData) => (hadData && !existsSync(join(data, 's3')) ? 'its objects are missing' : undefined),
    packages: ['ministack'],
    command: ({ packageFolder, ports, data }) => ({
      program: join(packageFolder('ministack'), 'bin', 'python'),
      args: ['-m', 'ministack'],
      env: variables(data, '127.0.0.1', ports.aws),
    }),
  },
  docker: {
    // The tag is not listed anywhere we could look it up. It follows the scheme of ministackorg/ministack,
    // .github/workflows/docker-publish.yml: the Git tag that publishes a version to PyPI publishes its image too.
    image: `ministackorg/ministack:${MINISTACK_VERSION}`,
    environment: variables('/tmp/ministack-data', '0.0.0.0', 4566),
    port: 4566,
    // The folder for data that the image has; whoever the image runs as may write to it.
    volume: '/tmp/ministack-data',
    scratch: ['/docker-entrypoint-initaws.d', '/etc/localstack/init'],
    healthCheck:
      'python -c "import urllib.request; urllib.request.urlopen(\'http://localhost:4566/_ministack/health\', timeout=2)"',
    // It joins an upload's parts in memory: a zip of 250,000 codes (290 MB) was its end at 512 MB.
    memory: '2g',
  },
};
