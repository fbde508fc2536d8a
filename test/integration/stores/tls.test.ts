import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { clusterPort } from '../../support/ports.ts';
import { redisCluster } from '../../support/redis-cluster.ts';

const exec = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'qr-streams-tls-'));
const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
await exec('openssl', [
  ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-days', '1'],
  ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key],
  ...['-out', certificate],
]);
const port = await clusterPort();
const [server] = await redisCluster(
  1,
  ...['--tls-port', String(port), '--tls-cluster', 'yes', '--tls-auth-clients', 'no'],
  ...['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate],
);
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What a process says that reads its settings from variables, as a function in AWS does. */
const greeting = async (trusted: string | undefined): Promise<string> => {
  const { stdout } = await exec(process.execPath, ['--import', 'tsx', 'test/support/redis-greeting.ts'], {
    env: {
      ...process.env,
      REDIS_URL: `rediss://qr-test-functions@localhost:${port}`,
      REDIS_AUTH: 'iam',
      REDIS_CACHE_NAME: 'qr-test',
      REDIS_MODE: 'cluster',
      ...(trusted === undefined ? {} : { NODE_EXTRA_CA_CERTS: trusted }),
    },
  });
  return stdout.trim();
};

describe('a cache over TLS', () => {
  it('is used by a client that trusts its certificate, and by no other', async () => {
    // Any token will do: which one is right, another test shows.
    await server?.admin.acl('SETUSER', 'qr-test-functions', 'on', 'nopass', '~*', '+@all');
    const [trusting, doubting] = await Promise.all([greeting(certificate), greeting(undefined)]);
    expect(trusting).toBe('qr-test-functions hello');
    expect(doubting).toMatch(/^refused: /);
  });
});
