import { expect, it } from 'vitest';
import { ask, changeOf, consoleFor } from './support.ts';

it.each([
  ['order=sideways', 'order'],
  ['partition=-1', 'partition'],
  ['partition=one', 'partition'],
  ['offset=1.5', 'offset'],
  ['offset=99999999999999999999', 'offset'],
  ['time=yesterday', 'time'],
  ['limit=0', 'limit'],
  ['limit=201', 'limit'],
  ['search=x&place=nowhere', 'place'],
])('messages are not browsed with ?%s, and the field is named', async (query, field) => {
  const { status, json } = await ask(consoleFor(), `/api/messages/analytics-events?${query}`);
  expect([status, json.field]).toEqual([400, field]);
});

it.each(['/api/messages/t/x/1', '/api/messages/t/1/-1', '/api/messages/t/1/1e3'])(
  '%s names no message',
  async (path) => {
    expect((await ask(consoleFor(), path)).status).toBe(400);
  },
);

it.each([
  ['nothing', {}, 400],
  ['half of an object', { json: '{' }, 422],
  ['an event that is not valid', { json: '{}', headers: { 'event-type': 'qr.scanned' } }, 422],
  ['a type that nobody knows', { json: '{}', headers: { 'event-type': 'qr.eaten' } }, 422],
])('%s is not sent, and the message says so at its field', async (_, body, status) => {
  const answer = await changeOf(consoleFor(), 'POST', '/api/messages/analytics-events', body);
  expect(answer).toMatchObject({ status, json: { field: 'json' } });
  expect(String(answer.json.error).length).toBeGreaterThan(5);
});

it('headers of a message are texts', async () => {
  const body = { json: '{}', headers: { a: 1 } };
  const answer = await changeOf(consoleFor(), 'POST', '/api/messages/mine', body);
  expect(answer).toMatchObject({ status: 400, json: { field: 'headers' } });
});

it('the form knows the event types of a topic', async () => {
  const { json } = await ask(consoleFor(), '/api/messages/analytics-events/form');
  expect(json).toMatchObject({ eventTypes: expect.arrayContaining(['qr.scanned']), key: 'qrId' });
  expect((await ask(consoleFor(), '/api/messages/mine/form')).json).toEqual({ eventTypes: [], key: null });
});
