import { expect, it } from 'vitest';
import { ask, changeOf, consoleFor } from './support.ts';

it.each([
  ['/api/schemas/qr.scanned?version=0', 'version'],
  ['/api/schemas/qr.scanned?version=one', 'version'],
  ['/api/schemas/qr.scanned/diff', 'from'],
  ['/api/schemas/qr.scanned/diff?from=1', 'to'],
  ['/api/schemas/qr.scanned/diff?from=1&to=1.5', 'to'],
])('%s is no version, and the field is named', async (path, field) => {
  expect(await ask(consoleFor(), path)).toMatchObject({ status: 400, json: { field } });
});

it.each([
  ['nothing', {}, 400],
  ['an object', { schema: {} }, 400],
  ['half of an object', { schema: '{' }, 422],
  ['a type that there is none of', { schema: '"eaten"' }, 422],
  ['a record without fields', { schema: '{"type":"record","name":"X"}' }, 422],
  [
    'a nest of a thousand lists',
    { schema: `${'{"type":"array","items":'.repeat(20_000)}"int"${'}'.repeat(20_000)}` },
    422,
  ],
])('%s is no schema to check, and the failure is at its field', async (_, body, status) => {
  const answer = await changeOf(consoleFor(), 'POST', '/api/schemas/qr.scanned/check', body);
  expect(answer).toMatchObject({ status, json: { field: 'schema' } });
});

it('a schema is checked in a read-only console too: that changes nothing', async () => {
  const answer = await changeOf(consoleFor({ readOnly: true }), 'POST', '/api/schemas/qr.scanned/check', {
    schema: '"int"',
  });
  expect(answer).toMatchObject({ status: 503, json: { code: 'REGISTRY_UNAVAILABLE' } });
});

it.each(['/api/schemas', '/api/schemas/a/b/check', '/api/schemas/a/check/', '/api/topics/a/check'])(
  'a change at %s is none of the questions that a read-only console answers',
  async (path) => {
    expect((await changeOf(consoleFor({ readOnly: true }), 'POST', path)).status).toBe(403);
  },
);

it('a check wants the token of the session as a change does', async () => {
  const asked = { method: 'POST', body: { schema: '"int"' } };
  expect((await ask(consoleFor(), '/api/schemas/qr.scanned/check', asked)).status).toBe(403);
});
