import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consoleSettings } from '../../../lib/local/console/settings.ts';
import { ask, changeOf, consoleFor, csrfOf } from './support.ts';

const TOKEN = 'a-token-that-nobody-guesses';
const NEW_TOPIC = { name: 'x', partitions: 1, retentionMs: -1 };

describe('who may listen and ask', () => {
  it('listens on the loopback address unless told, and on another one only with a token of some length', () => {
    expect(consoleSettings({})).toEqual({ address: '127.0.0.1', token: undefined, readOnly: false });
    expect(() => consoleSettings({ QR_CONSOLE_ADDRESS: '0.0.0.0' })).toThrow('only with a token');
    expect(() => consoleSettings({ QR_CONSOLE_TOKEN: 'short' })).toThrow('at least 16 characters');
    const open = consoleSettings({ QR_CONSOLE_ADDRESS: '0.0.0.0', QR_CONSOLE_TOKEN: TOKEN, QR_CONSOLE_READ_ONLY: '1' });
    expect(open).toEqual({ address: '0.0.0.0', token: TOKEN, readOnly: true });
  });

  it.each(['localhost:8090', '127.0.0.1:8090', '[::1]:8090', 'LOCALHOST'])('answers under %s', async (host) => {
    expect((await ask(consoleFor(), '/api/session', { headers: { host } })).status).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example:8090', '127.0.0.1.evil.example', '10.0.0.1:8090', ''])(
    'refuses the name "%s", which a foreign site may have pointed here',
    async (host) => {
      for (const path of ['/', '/api/session', '/api/topics']) {
        const { status, text } = await ask(consoleFor(), path, { headers: { host } });
        expect(status).toBe(409);
        expect(text).not.toContain('csrf');
      }
    },
  );

  it('wants the token for everything but the page itself, and takes it as a cookie or a header', async () => {
    const app = consoleFor({ token: TOKEN });
    expect((await ask(app, '/')).status).toBe(200);
    for (const path of ['/api/session', '/api/topics', '/api/health', '/api/nothing']) {
      expect(await ask(app, path)).toMatchObject({ status: 401, json: { error: 'The console wants its token.' } });
    }
    expect((await ask(app, '/api/session', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
    const login = await ask(app, '/api/login', { method: 'POST', body: { token: TOKEN } });
    const cookie = login.headers.get('set-cookie') ?? '';
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect(cookie).not.toContain(TOKEN);
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    expect((await ask(app, '/api/session', { headers })).status).toBe(200);
  });

  it('takes nothing else for the token', async () => {
    const app = consoleFor({ token: TOKEN });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.constantFrom(`${TOKEN} `, TOKEN.slice(1), TOKEN.toUpperCase())),
        async (guess) => {
          fc.pre(guess !== TOKEN);
          const { status, headers } = await ask(app, '/api/login', { method: 'POST', body: { token: guess } });
          expect([status, headers.get('set-cookie')]).toEqual([400, null]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('lets no page of another site log its visitor in', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    const app = consoleFor({ token: TOKEN });
    expect((await ask(app, '/api/login', { method: 'POST', headers, body: { token: TOKEN } })).status).toBe(403);
  });
});

describe('changes', () => {
  it.each([
    ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['an Origin of another port', { origin: 'http://localhost:3000' }],
    ['the Origin null', { origin: 'null' }],
  ])('are refused with %s', async (_, headers) => {
    const app = consoleFor();
    const all = { ...headers, 'x-qr-csrf': await csrfOf(app) };
    const answer = await ask(app, '/api/topics', { method: 'POST', headers: all, body: NEW_TOPIC });
    expect(answer).toMatchObject({ status: 403, json: { error: 'A page of another site has asked for a change.' } });
  });

  it('are refused without the session’s token, and with one of another session', async () => {
    const other = await csrfOf(consoleFor());
    for (const headers of [{}, { 'x-qr-csrf': '' }, { 'x-qr-csrf': other }]) {
      const { status } = await ask(consoleFor(), '/api/topics', { method: 'POST', headers, body: NEW_TOPIC });
      expect(status).toBe(403);
    }
  });

  it('pass with the token from the page’s own origin: then only the broker is missing', async () => {
    expect((await changeOf(consoleFor(), 'POST', '/api/topics', NEW_TOPIC)).status).toBe(503);
  });

  it('are refused as anything but JSON, as a form would send them', async () => {
    const app = consoleFor();
    const headers = { 'x-qr-csrf': await csrfOf(app), 'content-type': 'text/plain' };
    expect((await ask(app, '/api/topics', { method: 'POST', headers, body: NEW_TOPIC })).status).toBe(400);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('are refused by %s while the console is read-only', async (method) => {
    const app = consoleFor({ readOnly: true });
    expect((await ask(app, '/api/session')).json.readOnly).toBe(true);
    expect(await changeOf(app, method, '/api/topics/x')).toMatchObject({
      status: 403,
      json: { error: 'The console is read-only.' },
    });
  });

  it('have a largest size', async () => {
    const body = { name: 'x'.repeat(1_300_000) };
    expect((await changeOf(consoleFor(), 'POST', '/api/topics', body)).status).toBe(400);
  });
});

describe('answers', () => {
  it('let a browser run nothing from elsewhere, guess no type and show no frame', async () => {
    for (const path of ['/', '/topics/a', '/api/session', '/api/nothing', '/assets/none.js']) {
      const { headers } = await ask(consoleFor(), path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });

  it('are JSON with a sentence and a next step, never a stack', async () => {
    const app = consoleFor();
    expect(await ask(app, '/api/nothing')).toMatchObject({ status: 404, json: { code: 'NOT_FOUND', field: null } });
    const silent = await ask(app, '/api/topics');
    expect(silent).toMatchObject({ status: 503, json: { code: 'BROKER_UNAVAILABLE' } });
    expect(silent.json.next).toContain('./stream-manager.sh');
    expect(silent.text).not.toMatch(/\bat .*\.ts/);
  });
});
