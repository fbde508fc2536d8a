import { expect, it } from 'vitest';
import { ask, changeOf, consoleFor } from './support.ts';

it('a stack without Connect is no failure', async () => {
  const { status, json } = await ask(consoleFor(), '/api/connectors');
  expect({ status, json }).toEqual({ status: 200, json: { isPart: false, connectors: [], slotFault: null } });
});

it.each(['pause', 'resume', 'restart'])(
  '%s of a connector where there is no Connect says how to start it',
  async (change) => {
    const answer = await changeOf(consoleFor(), 'POST', `/api/connectors/outbox/${change}`);
    expect(answer).toMatchObject({ status: 502, json: { code: 'SERVICE_FAILED' } });
    expect(answer.json.next).toContain('start --with connect');
  },
);

it.each([
  ['POST', '/api/connectors/outbox/delete'],
  ['DELETE', '/api/connectors/outbox'],
  ['POST', '/api/connectors/outbox'],
])('there is nothing at %s %s', async (method, path) => {
  expect((await changeOf(consoleFor(), method, path)).status).toBe(404);
});

it('a change wants a JSON object', async () => {
  const answer = await changeOf(consoleFor(), 'POST', '/api/connectors/outbox/pause', '[]');
  expect(answer).toMatchObject({ status: 400, json: { field: 'body' } });
});

it.each(['pause', 'resume', 'restart'])('%s is refused while the console is read-only', async (change) => {
  const answer = await changeOf(consoleFor({ readOnly: true }), 'POST', `/api/connectors/outbox/${change}`);
  expect(answer).toMatchObject({ status: 403, json: { error: 'The console is read-only.' } });
});
