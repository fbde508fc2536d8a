import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openStack } from '../../../lib/local/stack.ts';
import { openRedis } from '../../../lib/stores/redis.ts';
import { shownKeys } from '../../support/redis-commander.ts';
import { testStack } from '../../support/stack.ts';

it('Redis Commander shows the keys of the stack’s Redis, which is a cluster here', async () => {
  const { settings, dataDir } = testStack();
  const { services } = await (await openStack({ dataDir })).health();
  const { endpoint = '' } = services.find(({ name }) => name === 'redis-commander') ?? {};
  const prefix = `shown-${randomUUID()}:`;
  const redis = openRedis(settings);
  try {
    await redis.set(`${prefix}here`, 'yes', 'EX', 60);
  } finally {
    redis.disconnect();
  }
  expect(await shownKeys(endpoint, prefix)).toEqual(['here']);
});
