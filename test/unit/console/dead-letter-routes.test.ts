import { expect, it } from 'vitest';
import { ask, changeOf, consoleFor } from './support.ts';

it.each([
  ['', 'status=lost', 'status'],
  ['', 'since=yesterday', 'since'],
  ['', 'until=now', 'until'],
  ['/letters', 'status=lost', 'status'],
  ['/letters', 'limit=0', 'limit'],
  ['/letters', 'limit=201', 'limit'],
  ['/letters', 'after=somewhere', 'after'],
  ['/plan', '', 'action'],
  ['/plan', 'action=purge', 'action'],
  ['/plan', 'action=park&since=2x', 'since'],
])('dead-letters%s?%s is not answered, and the field is named', async (path, query, field) => {
  const { status, json } = await ask(consoleFor(), `/api/dead-letters${path}?${query}`);
  expect([status, json.field]).toEqual([400, field]);
});

it.each([
  [{}, 'action'],
  [{ action: 'purge' }, 'action'],
  [{ action: 'discard' }, 'why'],
  [{ action: 'discard', id: 'a-0-1', why: '' }, 'why'],
  [{ action: 'redrive', rate: 0 }, 'rate'],
  [{ action: 'redrive', since: 'soon' }, 'since'],
  [{ action: 'redrive', json: '{}' }, 'json'],
  [{ action: 'park', id: 'a-0-1', json: '{}' }, 'json'],
])('nothing is begun by %j, and the field is named', async (body, field) => {
  const answer = await changeOf(consoleFor(), 'POST', '/api/dead-letters/runs', body);
  expect(answer).toMatchObject({ status: 400, json: { field } });
});

it('a patch wants a payload', async () => {
  const answer = await changeOf(consoleFor(), 'POST', '/api/dead-letters/letters/a-0-1/check', {});
  expect(answer).toMatchObject({ status: 400, json: { field: 'json' } });
});

it.each(['', '/letters', '/letters/a-0-1', '/plan?action=redrive'])(
  'dead-letters%s says that Redis is silent where it is',
  async (path) => {
    const answer = await ask(consoleFor(), `/api/dead-letters${path}`);
    expect(answer).toMatchObject({ status: 503, json: { code: 'REDIS_UNAVAILABLE' } });
  },
);

it('the names a filter may hold are those of the catalog and of the errors', async () => {
  const { json } = await ask(consoleFor(), '/api/dead-letters/names');
  expect(json).toEqual({
    topic: expect.arrayContaining(['payment-events']),
    consumer: expect.arrayContaining(['qr-processors']),
    reason: expect.arrayContaining(['INVALID_EVENT']),
  });
});

it('what is begun is told until it has ended, with what went wrong; meanwhile nothing else is begun', async () => {
  const app = consoleFor();
  expect((await ask(app, '/api/dead-letters/runs')).json).toBeNull();
  const begun = await changeOf(app, 'POST', '/api/dead-letters/runs', { action: 'park', why: 'a test' });
  expect(begun).toMatchObject({ status: 202, json: { action: 'park', state: 'preparing', letter: null } });
  const second = await changeOf(app, 'POST', '/api/dead-letters/runs', { action: 'park' });
  expect(second).toMatchObject({ status: 409, json: { error: expect.stringContaining('Another park is under way') } });
  const last = async () => (await ask(app, '/api/dead-letters/runs')).json;
  await expect.poll(async () => (await last()).endedAt, { timeout: 20_000 }).not.toBeNull();
  expect(await last()).toMatchObject({ state: 'failed', failure: { code: 'REDIS_UNAVAILABLE' }, changed: 0 });
  const gone = await changeOf(app, 'DELETE', `/api/dead-letters/runs/${begun.json.id}`);
  expect(gone).toMatchObject({ status: 404, json: { error: 'That is not under way any more.' } });
});

it.each([
  ['POST', '/runs'],
  ['POST', '/letters/a-0-1/check'],
  ['DELETE', '/runs/x'],
])('%s dead-letters%s is refused while the console is read-only', async (method, path) => {
  const answer = await changeOf(consoleFor({ readOnly: true }), method, `/api/dead-letters${path}`, { action: 'park' });
  expect(answer).toMatchObject({ status: 403, json: { error: 'The console is read-only.' } });
});
