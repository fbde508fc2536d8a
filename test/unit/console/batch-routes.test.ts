import { expect, it } from 'vitest';
import { ask, changeOf, consoleFor } from './support.ts';

it.each([
  [{}, 'items'],
  [{ items: 0 }, 'items'],
  [{ items: 250_001 }, 'items'],
  [{ items: '10', format: 'gif' }, 'format'],
  [{ items: '10', priority: 'urgent' }, 'priority'],
])('no batch is requested by %j, and the field is named', async (body, field) => {
  expect(await changeOf(consoleFor(), 'POST', '/api/batches', body)).toMatchObject({ status: 400, json: { field } });
});

it.each(['..', 'a%2Fb', 'a b', 'x'.repeat(300)])('%s is the id of no batch', async (id) => {
  for (const more of ['', '/codes', '/zip']) {
    const { status } = await ask(consoleFor(), `/api/batches/${id}${more}`);
    expect([400, 404]).toContain(status);
  }
});

it('says that Redis is silent where it is', async () => {
  const answer = await ask(consoleFor(), '/api/batches/some');
  expect(answer).toMatchObject({ status: 503, json: { code: 'REDIS_UNAVAILABLE' } });
});

it('the updates API is under /updates, and wants a token of its user', async () => {
  const { status } = await ask(consoleFor(), '/updates?user=u1&token=made-up');
  expect(status).toBe(401);
});
