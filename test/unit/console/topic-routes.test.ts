import { expect, it } from 'vitest';
import { changeOf, consoleFor } from './support.ts';

const GOOD = { name: 'mine', partitions: 3, retentionMs: 1_000 };

it.each([
  ['a list', [], 'body'],
  ['text', '"x"', 'body'],
  ['half of an object', '{', 'body'],
  ['no name', { ...GOOD, name: undefined }, 'name'],
  ['a name that is a number', { ...GOOD, name: 7 }, 'name'],
  ['no partition', { ...GOOD, partitions: 0 }, 'partitions'],
  ['half a partition', { ...GOOD, partitions: 1.5 }, 'partitions'],
  ['partitions in words', { ...GOOD, partitions: 'three' }, 'partitions'],
  ['no retention', { ...GOOD, retentionMs: null }, 'retentionMs'],
  ['a retention below -1', { ...GOOD, retentionMs: -2 }, 'retentionMs'],
])('a topic is not created from %s, and the field is named', async (_, body, field) => {
  expect(await changeOf(consoleFor(), 'POST', '/api/topics', body)).toMatchObject({ status: 400, json: { field } });
});

it.each([{}, { confirm: '' }, { confirm: 'other' }, { confirm: true }])(
  'a topic is not deleted unless its name is typed: %j',
  async (body) => {
    const answer = await changeOf(consoleFor(), 'DELETE', '/api/topics/mine', body);
    expect(answer).toMatchObject({ status: 400, json: { field: 'confirm' } });
  },
);
