/** A process of its own: says who it is at the Redis its environment names, or why it is nobody there. */
import { settingsFrom } from '../../lib/settings.ts';
import { openRedis } from '../../lib/stores/redis.ts';

const redis = openRedis(settingsFrom());
try {
  await redis.set('greeting', 'hello');
  console.log(String(await redis.acl('WHOAMI')), await redis.get('greeting'));
} catch (error) {
  console.log('refused:', error instanceof Error ? error.message : error);
} finally {
  redis.disconnect();
}
