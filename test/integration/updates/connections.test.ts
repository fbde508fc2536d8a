import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { openRedis } from '../../../lib/stores/redis.ts';
import { appendUpdate, updatesKey } from '../../../lib/stores/updates.ts';
import { issueUpdatesToken } from '../../../lib/updates/index.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';
import { bearer, openBrowser, openServer, readRaw, SECRET } from './world.ts';

const { settings } = testStack();
const redis = openRedis(settings);
const server = await openServer(settings, {
  origins: ['https://app.test'],
  limits: { perUser: 2, heartbeatMs: 50, bufferBytes: 4_096, stalledMs: 100 },
});
const { url } = server;
const users: string[] = [];
afterAll(async () => {
  await server.close();
  await Promise.all(users.map((userId) => redis.del(updatesKey(userId))));
  redis.disconnect();
});

const newUser = (): string => {
  const userId = `user-${randomUUID()}`;
  users.push(userId);
  return userId;
};
const tell = (userId: string, n: number, data: Record<string, unknown> = {}): Promise<void> =>
  appendUpdate(redis, { userId, type: 'test.n', id: `${userId}/${n}`, data: { n, ...data } });
const numbersIn = (text: string): number[] => [...text.matchAll(/"data":\{"n":(\d+)/g)].map(([, n]) => Number(n));

describe('a connection', () => {
  it('begins with the id where it begins, then has an update with its id, type and data', async () => {
    const userId = newUser();
    await tell(userId, 0);
    const headers = await bearer(userId);
    let isBegun = false;
    const reading = readRaw(url, headers, (text) => {
      isBegun = text.includes('id: ');
      return text.includes('"n":1');
    });
    // It is connected a moment before it knows where it begins.
    await until('it has said where it begins', () => isBegun);
    await tell(userId, 1);
    const [[first = ''] = [], [second = ''] = []] = await redis.xrange(updatesKey(userId), '-', '+');
    const text = await reading;
    expect(text).toContain(`retry: 2000\nid: ${first}\n\n`);
    const [, json = ''] = new RegExp(`id: ${second}\nevent: test.n\ndata: (.*)\n\n`).exec(text) ?? [];
    expect(JSON.parse(json)).toEqual({ id: `${userId}/1`, type: 'test.n', at: expect.any(String), data: { n: 1 } });
    expect(numbersIn(text)).toEqual([1]);
  });

  it('resumes after the id it names, in the header or, for EventSource, in the address', async () => {
    const userId = newUser();
    for (const n of [0, 1, 2]) await tell(userId, n);
    const [[id = ''] = []] = await redis.xrange(updatesKey(userId), '-', '+');
    const headers = { ...(await bearer(userId)), 'last-event-id': id };
    const enough = (text: string): boolean => text.includes('"n":2');
    expect(numbersIn(await readRaw(url, headers, enough))).toEqual([1, 2]);
    const token = await issueUpdatesToken(userId, SECRET);
    const address = `${url}?user=${userId}&token=${token}&lastEventId=${id}`;
    expect(numbersIn(await readRaw(address, {}, enough))).toEqual([1, 2]);
  });

  it('is told of a gap when what followed its last id was trimmed away, and has what is left', async () => {
    const userId = newUser();
    for (const n of [0, 1, 2, 3]) await tell(userId, n);
    const [[id = ''] = []] = await redis.xrange(updatesKey(userId), '-', '+');
    await redis.xtrim(updatesKey(userId), 'MAXLEN', 2);
    const headers = { ...(await bearer(userId)), 'last-event-id': id };
    const text = await readRaw(url, headers, (seen) => seen.includes('"n":3'));
    expect(text).toContain(`event: gap\ndata: {"after":"${id}"}\n\n`);
    expect(numbersIn(text)).toEqual([2, 3]);
  });

  it('goes on at the end when nothing is left of what it followed', async () => {
    const userId = newUser();
    const headers = { ...(await bearer(userId)), 'last-event-id': '99999999999999-0' };
    const reading = readRaw(url, headers, (seen) => seen.includes('"n":7'));
    await until('it is connected', () => server.updates.connections === 1);
    await until('it has an update', async () => {
      await tell(userId, 7);
      return Promise.race([reading.then(() => true), new Promise((later) => setTimeout(later, 100, false))]);
    });
    expect(await reading).toMatch(/event: gap\ndata: {"after":"99999999999999-0"}/);
  });

  it('has signs of life while nothing happens', async () => {
    const text = await readRaw(url, await bearer(newUser()), (seen) => seen.split(':\n\n').length > 3);
    expect(text).toMatch(/(:\n\n){3}/);
  });

  it('is closed when its token expires, and says so', async () => {
    const userId = newUser();
    const token = await issueUpdatesToken(userId, SECRET, 1);
    const text = await readRaw(url, { authorization: `Bearer ${token}` });
    expect(text).toContain('event: closing\ndata: {"reason":"expired"}');
  });

  it('holds a little for a client that takes nothing, is let go, and the client goes on where it was', async () => {
    const userId = newUser();
    const headers = { ...(await bearer(userId)), 'last-event-id': '0-0' };
    // More than fits into the buffers of two sockets as well.
    const text = 'x'.repeat(100_000);
    const sent = 60;
    for (let n = 0; n < sent; n += 1) await tell(userId, n, { text });
    const response = await fetch(url, { headers });
    const reader = response.body?.getReader();
    await until('it is let go', () => server.updates.connections === 0);
    let got = '';
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) break;
      got += new TextDecoder().decode(value);
    }
    expect(got).toContain('{"reason":"slow"}');
    const had = numbersIn(got);
    expect(had.length).toBeLessThan(sent);
    const lastEventId = [...got.matchAll(/^id: (.*)$/gm)].at(-1)?.[1];
    const { client, seen } = openBrowser(url, userId, { lastEventId });
    await until('it has the rest', () => had.length + seen.length === sent);
    client.close();
    expect([...had, ...seen.map(({ data }) => data.n)]).toEqual(Array.from({ length: sent }, (_, n) => n));
  });

  it('misses nothing while the server loses its connections to Redis', async () => {
    const userId = newUser();
    const { client, seen, states } = openBrowser(url, userId);
    await until('it is connected', () => states.includes('open'));
    await tell(userId, 0);
    await until('it has one', () => seen.length === 1);
    await redis.client('KILL', 'TYPE', 'normal').catch(() => undefined);
    for (const n of [1, 2, 3]) await until('it is told', async () => (await tell(userId, n)) === undefined);
    await until('it has all', () => seen.length === 4);
    client.close();
    expect(seen.map(({ data }) => data.n)).toEqual([0, 1, 2, 3]);
  });
});

describe('who is let in', () => {
  const statusOf = async (address: string, headers: Record<string, string> = {}) => {
    const response = await fetch(address, { headers });
    const answer: unknown = await response.json();
    return [response.status, Object.values(answer ?? {})[0], response.headers.get('retry-after')];
  };

  it('nobody without a good token, and nobody to the updates of somebody else', async () => {
    const userId = newUser();
    const forged = await issueUpdatesToken(userId, 'another secret');
    const past = await issueUpdatesToken(userId, SECRET, 60, Date.now() - 120_000);
    for (const token of ['', 'nonsense', forged, past]) {
      const [status, message] = await statusOf(url, { authorization: `Bearer ${token}` });
      expect([status, message]).toEqual([401, expect.stringMatching(/token/)]);
    }
    expect(await statusOf(`${url}?user=${newUser()}`, await bearer(userId))).toEqual([
      403,
      'The token is for another user.',
      null,
    ]);
    expect(await statusOf(url, { ...(await bearer(userId)), 'last-event-id': 'x' })).toEqual([
      400,
      expect.stringMatching(/Last-Event-ID/),
      null,
    ]);
  });

  it('so many connections of a user, and another when one of them ends', async () => {
    const userId = newUser();
    const browsers = [1, 2].map(() => openBrowser(url, userId));
    await until('both are connected', () => browsers.every(({ states }) => states.includes('open')));
    expect(await statusOf(url, await bearer(userId))).toEqual([
      429,
      expect.stringMatching(/2 connections/),
      expect.stringMatching(/^\d+$/),
    ]);
    browsers[0]?.client.close();
    await until('there is room', async () => {
      const { states, client } = openBrowser(url, userId);
      await until('it is answered', () => states.includes('open') || states.includes('waiting'));
      client.close();
      return states.includes('open');
    });
    browsers[1]?.client.close();
    await until('all are gone', () => server.updates.connections === 0);
  });

  it('pages of the origins that are named', async () => {
    const headers = await bearer(newUser());
    for (const [origin, allowed] of [
      ['https://app.test', 'https://app.test'],
      ['https://evil.test', null],
    ] as const) {
      const response = await fetch(url, { method: 'HEAD', headers: { ...headers, origin } });
      expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
    }
  });
});
