import { expect, it } from 'vitest';
import { ask, changeOf, consoleFor } from './support.ts';

it.each([
  ['/api/redis/stream', 'key'],
  ['/api/redis/entries', 'key'],
  ['/api/redis/entries?key=a&time=yesterday', 'time'],
  ['/api/redis/entries?key=a&limit=0', 'limit'],
  ['/api/redis/entries?key=a&limit=201', 'limit'],
  ['/api/redis/entry?key=a', 'id'],
])('%s is refused, and the field is named', async (path, field) => {
  expect(await ask(consoleFor(), path)).toMatchObject({ status: 400, json: { field } });
});

it.each([
  'streams?cursor=x',
  'streams?cursor=0-0;',
  'entries?key=a&cursor=%2B',
  'entry?key=a&id=1-',
  'entry?key=a&id=-',
])('/api/redis/%s is no place to begin', async (path) => {
  expect(await ask(consoleFor(), `/api/redis/${path}`)).toMatchObject({ status: 400, json: { code: 'USAGE' } });
});

it.each(['streams', 'memory', 'stream?key=a', 'entries?key=a', 'entry?key=a&id=1-1'])(
  '/api/redis/%s says that Redis is silent where it is',
  async (path) => {
    const answer = await ask(consoleFor(), `/api/redis/${path}`);
    expect(answer).toMatchObject({ status: 503, json: { code: 'REDIS_UNAVAILABLE' } });
  },
);

it.each(['POST', 'DELETE'])('nothing of Redis is changed by %s', async (method) => {
  for (const path of ['stream?key=a', 'entries?key=a', 'streams']) {
    expect((await changeOf(consoleFor(), method, `/api/redis/${path}`)).status).toBe(404);
  }
});
