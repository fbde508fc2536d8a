import { expect, it } from 'vitest';
import { nameIn, stepOf } from '../../../lib/console/path-step.ts';
import { ask, changeOf, consoleFor } from './support.ts';

const GOOD = { topic: 'analytics-events', where: 'to-earliest' };

const BAD = [
  ['no topic', { ...GOOD, topic: '' }, 'topic'],
  ['no place', { ...GOOD, where: '' }, 'where'],
  ['a place that nobody knows', { ...GOOD, where: 'to-yesterday' }, 'where'],
  ['a value where none belongs', { ...GOOD, value: '7' }, 'value'],
  ['no offset', { ...GOOD, where: 'to-offset' }, 'value'],
  ['half an offset', { ...GOOD, where: 'to-offset', value: '1.5' }, 'value'],
  ['a time in words', { ...GOOD, where: 'to-datetime', value: 'yesterday' }, 'value'],
  ['a duration without a unit', { ...GOOD, where: 'by-duration', value: '2' }, 'value'],
  ['no number of messages', { ...GOOD, where: 'shift-by', value: 'ten' }, 'value'],
  ['partitions in words', { ...GOOD, partitions: 'all' }, 'partitions'],
  ['a negative partition', { ...GOOD, partitions: '0,-1' }, 'partitions'],
] as const;

it.each(BAD)('no reset is planned with %s, nor done, and the field is named', async (_, request, field) => {
  const query = new URLSearchParams(request);
  expect(await ask(consoleFor(), `/api/groups/mine/reset?${query}`)).toMatchObject({ status: 400, json: { field } });
  const done = await changeOf(consoleFor(), 'POST', '/api/groups/mine/reset', request);
  expect(done).toMatchObject({ status: 400, json: { field } });
});

it.each([
  {},
  { partitions: ' 0, 3 ' },
  { where: 'by-duration', value: 'PT2H' },
  { where: 'shift-by', value: '-100' },
  { where: 'to-datetime', value: '2026-01-31T08:00:00Z' },
])('%j is understood: then only the broker is missing', async (more) => {
  const answer = await changeOf(consoleFor(), 'POST', '/api/groups/mine/reset', { ...GOOD, ...more });
  expect(answer).toMatchObject({ status: 503, json: { code: 'BROKER_UNAVAILABLE' } });
});

it('a read-only console moves no group, and still plans', async () => {
  const app = consoleFor({ readOnly: true });
  expect(await changeOf(app, 'POST', '/api/groups/mine/reset', GOOD)).toMatchObject({
    status: 403,
    json: { error: 'The console is read-only.' },
  });
  expect((await ask(app, `/api/groups/mine/reset?${new URLSearchParams(GOOD)}`)).status).toBe(503);
});

it('a group of any name has a path of its own, and is asked for by it', async () => {
  for (const name of ['.', '..', '~', '~..', 'a/b', '%2e%2e', 'a\u001b\nb', 'a b', '']) {
    // What a browser makes of the path.
    const { pathname } = new URL(`/api/groups/${stepOf(name)}/reset`, 'http://localhost');
    const [, , , step = '', ...rest] = pathname.split('/');
    expect([nameIn(decodeURIComponent(step)), rest]).toEqual([name, ['reset']]);
  }
  const opened = await ask(consoleFor(), `/api/groups/${stepOf('..')}/reset?${new URLSearchParams(GOOD)}`);
  expect(opened).toMatchObject({ status: 503, json: { code: 'BROKER_UNAVAILABLE' } });
});
