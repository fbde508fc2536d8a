import { Hono } from 'hono';
import {
  entriesOf,
  entryAt,
  listStreams,
  memoryOf,
  type StreamEntry,
  streamOf,
} from '../../../operations/redis-streams/index.ts';
import { withRedis } from '../../../operations/with-redis.ts';
import type { ConsoleContext } from '../context.ts';
import { queryOf } from '../input.ts';
import type { ListedEntries, ListedEntry } from './redis-types.ts';

const PREVIEW_CHARACTERS = 240;

/** `/api/redis`: streams, one, its entries, one of those, and the servers' memory. Keys may be anything: they are in the query. */
export const redisRoutes = ({ stack }: ConsoleContext): Hono =>
  new Hono()
    .get('/memory', async (c) => c.json(await withRedis((await stack()).settings, memoryOf)))
    .get('/streams', async (c) => {
      const query = queryOf(c);
      const search = { match: query.optionalText('match'), cursor: query.optionalText('cursor') };
      return c.json(await withRedis((await stack()).settings, (redis) => listStreams(redis, search)));
    })
    .get('/stream', async (c) => {
      const key = queryOf(c).text('key');
      return c.json(await withRedis((await stack()).settings, (redis) => streamOf(redis, key)));
    })
    .get('/entries', async (c) => {
      const query = queryOf(c);
      const place = {
        key: query.text('key'),
        time: query.optionalTime('time'),
        cursor: query.optionalText('cursor'),
        limit: query.whole('limit', { min: 1, max: 200, otherwise: 50 }),
      };
      const { entries, cursor } = await withRedis((await stack()).settings, (redis) => entriesOf(redis, place));
      const listed: ListedEntries = { entries: entries.map(listedOf), cursor };
      return c.json(listed);
    })
    .get('/entry', async (c) => {
      const query = queryOf(c);
      const [key, id] = [query.text('key'), query.text('id')];
      return c.json(await withRedis((await stack()).settings, (redis) => entryAt(redis, key, id)));
    });

const listedOf = ({ id, at, fields }: StreamEntry): ListedEntry => ({
  id,
  at,
  preview: fields
    .map(([name, value]) => `${name} ${value}`)
    .join('  ')
    .slice(0, PREVIEW_CHARACTERS),
});
