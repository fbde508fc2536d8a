import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { cacheToken } from '../../../lib/stores/cache-token.ts';
import { openRedis, type Redis, type RedisOptions } from '../../../lib/stores/redis.ts';
import { redisCluster } from '../../support/redis-cluster.ts';
import { until } from '../../support/until.ts';

const REQUEST = { user: 'qr-test-functions', cacheName: 'qr-test', region: 'us-east-1' };
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

const [server] = await redisCluster(1);
if (server === undefined) throw new Error('no server');
const { admin, port, stop } = server;
afterAll(stop);

/** The token that is signed now; the server takes no other one. */
let signed = '';
const turnOver = async (minute: number): Promise<void> => {
  signed = await cacheToken(REQUEST, CREDENTIALS, new Date(Date.UTC(2026, 0, 1, 0, minute)));
  await admin.acl('SETUSER', REQUEST.user, 'on', 'resetpass', `>${signed}`, '~*', '+@all');
};

const opened: Redis[] = [];
afterEach(() => {
  for (const client of opened.splice(0)) client.disconnect();
});
const open = (redisMode: 'cluster' | undefined, options: RedisOptions = {}): Redis => {
  const redisUrl = `redis://${REQUEST.user}@127.0.0.1:${port}`;
  const client = openRedis({ redisUrl, redisMode, redisAuth: 'iam' }, { token: async () => signed, ...options });
  opened.push(client);
  return client;
};
const connectionsOf = async (): Promise<string[]> =>
  String(await admin.client('LIST'))
    .split('\n')
    .filter((line) => line.includes(`user=${REQUEST.user}`))
    .map((line) => line.split(' ')[0] ?? '');

describe.each([['cluster'], [undefined]] as const)('a client with IAM authentication, mode %s', (mode) => {
  it('is who its token says', async () => {
    await turnOver(1);
    const redis = open(mode);
    expect(await redis.set('greeting', 'hello')).toBe('OK');
    expect(await redis.acl('WHOAMI')).toBe(REQUEST.user);
  });

  it('comes back with a new token when its connection was ended and the old token is none any more', async () => {
    await turnOver(2);
    const redis = open(mode);
    await redis.set('greeting', 'hello again');
    await turnOver(3);
    await admin.client('KILL', 'USER', REQUEST.user);
    await until('the client is back', async () => (await redis.get('greeting')) === 'hello again');
  });

  it('says who it is again on the connection it has, in time', async () => {
    await turnOver(4);
    let tokens = 0;
    const token = async (): Promise<string> => {
      tokens += 1;
      return signed;
    };
    const redis = open(mode, { renewMs: 20, token });
    await redis.get('greeting');
    const before = await connectionsOf();
    const begun = tokens;
    await until('tokens are signed anew', () => tokens >= begun + 3);
    expect(await redis.get('greeting')).toBe('hello again');
    expect(await connectionsOf()).toEqual(before);
  });

  it('fails its commands while the server refuses the token, and works once it does not', async () => {
    await turnOver(5);
    const right = signed;
    signed = 'another';
    const redis = open(mode);
    await expect(redis.get('greeting')).rejects.toThrow();
    signed = right;
    await until('the client is let in', async () => (await redis.get('greeting')) === 'hello again');
  });
});

describe('a client of a server that is gone', () => {
  it.each([['cluster'], [undefined]] as const)('fails its commands, mode %s', async (redisMode) => {
    const redis = openRedis({ redisUrl: 'redis://127.0.0.1:1', redisMode });
    opened.push(redis);
    await expect(redis.get('greeting')).rejects.toThrow();
    await expect(redis.multi().get('greeting').exec()).rejects.toThrow();
  });
});
