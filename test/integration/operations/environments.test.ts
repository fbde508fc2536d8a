import { afterEach, describe, expect, it, vi } from 'vitest';
import { deployedSettings } from '../../../lib/operations/deployed-settings.ts';
import { type Account, awsAccount } from '../../support/aws-account.ts';
import { cliWith } from '../../support/cli.ts';
import { freePorts } from '../../support/ports.ts';

const ARN = 'arn:aws:kafka:eu-central-1:111122223333:cluster/qr-prod/0190-a1';
const PROD = {
  parameters: {
    '/qr/prod/cluster-arn': ARN,
    '/qr/prod/cache-endpoint': 'qr-prod-abc.serverless.euc1.cache.amazonaws.com:6379',
    '/qr/prod/bucket': 'qr-prod-data',
  },
  brokers: {
    [ARN]: 'b-1.qrprod.kafka.eu-central-1.amazonaws.com:9098,b-2.qrprod.kafka.eu-central-1.amazonaws.com:9098',
  },
};

const accounts: { close(): void }[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const account of accounts.splice(0)) account.close();
});
const accountOf = async (account: Account) => {
  const made = await awsAccount(account);
  accounts.push(made);
  return made;
};
const ask = async (account: Account) => {
  for (const [name, value] of Object.entries((await accountOf(account)).env)) vi.stubEnv(name, value);
  return deployedSettings('prod', {});
};

describe('an environment in AWS', () => {
  it('is found by what its stacks have written, and by what MSK says of its cluster', async () => {
    const { settings, region } = await ask(PROD);
    expect(region).toBe('eu-central-1');
    expect(settings).toMatchObject({
      brokers: ['b-1.qrprod.kafka.eu-central-1.amazonaws.com:9098', 'b-2.qrprod.kafka.eu-central-1.amazonaws.com:9098'],
      kafkaAuth: 'iam',
      registryUrl: 'glue:qr-prod',
      redisUrl: 'rediss://qr-prod-functions@qr-prod-abc.serverless.euc1.cache.amazonaws.com:6379',
      redisAuth: 'iam',
      redisCacheName: 'qr-prod',
      redisMode: 'cluster',
      bucket: 'qr-prod-data',
    });
  });

  it('that is not deployed is said to be none', async () => {
    const missing = ask({ ...PROD, parameters: {} });
    await expect(missing).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('eu-central-1'),
    });
  });

  it('that one may not read is refused, with the rights that are missing', async () => {
    const refused = ask({ ...PROD, refuses: 'AccessDeniedException' });
    await expect(refused).rejects.toMatchObject({
      code: 'REFUSED',
      next: expect.stringContaining('ssm:GetParameters'),
    });
  });
});

const NOBODY = {
  ...{ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_PROFILE: undefined },
  ...{ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' },
};

describe('the command line', () => {
  it('says in a sentence that it has no credentials, that an environment is none, and from where brokers are in reach', async () => {
    const { env } = await accountOf(PROD);
    const [port = 0] = await freePorts(1);
    const nearby = { ...PROD, brokers: { [ARN]: `127.0.0.1:${port}` } };
    const reach = await accountOf(nearby);
    const [anonymous, unknown, pausing, silent] = await Promise.all([
      cliWith({ ...env, ...NOBODY }).run('topics', '--env', 'prod'),
      cliWith(env).run('groups', '--env', 'live'),
      cliWith(env).run('reset-group', 'qr-processors', 'bulk-qr-processing', '--env', 'prod', '--pause'),
      cliWith(reach.env).run('topics', '--env', 'prod'),
    ]);
    expect(anonymous).toMatchObject({ code: 1, out: '' });
    expect(anonymous.err).toMatch(/^✗ There are no AWS credentials that are good for prod: .+\n {2}Sign in .+\n$/);
    expect(unknown).toMatchObject({ code: 2, out: '', err: expect.stringContaining('dev or staging or prod') });
    expect(pausing).toMatchObject({ code: 2, out: '', err: expect.stringContaining('update-event-source-mapping') });
    expect(silent).toMatchObject({ code: 1, out: '' });
    expect(silent.err).toMatch(new RegExp(`^✗ No Kafka broker answers at 127\\.0\\.0\\.1:${port}\\.\n .*bastion`));
  });
});
