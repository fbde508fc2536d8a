import { expect, it } from 'vitest';
import type { SeenEvent } from '../../../lib/operations/trace/events.ts';
import { lineOf } from '../../../lib/operations/trace/logs.ts';
import { offspring, placed } from '../../../lib/operations/trace/tree.ts';

const seen = (eventId: string, causationId: string | null, topic = 't'): SeenEvent => ({
  ...{
    topic,
    partition: 0,
    offset: 0,
    at: '2026-01-01T00:00:00.000Z',
    key: null,
    owner: '{t-0}',
    eventId,
    eventType: 'a',
    source: 's',
  },
  ...{ correlationId: 'c', causationId, redriveOf: null },
});

it('events stand under what caused them, also when it came twice, and nothing goes round in circles', () => {
  const events = [seen('a', null), seen('b', 'a'), seen('c', 'b'), seen('a', null), seen('x', 'elsewhere')];
  expect(placed(events).map(({ n, causedBy, depth }) => [n, causedBy, depth])).toEqual([
    [1, null, 0],
    [2, 1, 1],
    [3, 2, 2],
    [4, null, 0],
    [5, null, 0],
  ]);
  const circle = [seen('a', 'b'), seen('b', 'a'), seen('self', 'self')];
  expect(placed(circle).map(({ depth }) => depth)).toEqual([1, 1, 0]);
});

it('what came of an event is everything below it, in whatever order it came', () => {
  const events = [
    seen('grandchild', 'child'),
    seen('child', 'a'),
    seen('a', 'root'),
    seen('root', null),
    seen('b', 'root'),
  ];
  expect(offspring(events, 'a').map(({ eventId }) => eventId)).toEqual(['grandchild', 'child', 'a']);
});

it('a line of a log is about a request when one of its ids says so', () => {
  const text = JSON.stringify({
    ...{ level: 'WARN', message: 'a record failed', timestamp: '2026-01-01T00:00:00.000Z', service: 't' },
    ...{ correlationId: 'c', eventId: 'e', record: 't/0/1', reason: 'Why.' },
  });
  const expected = { function: 't', level: 'WARN', eventId: 'e', record: 't/0/1', reason: 'Why.' };
  for (const line of [text, `2026-01-01T00:00:00.000Z ${text}`]) {
    expect(lineOf('t', line, new Set(['c']))).toMatchObject(expected);
    expect(lineOf('t', line, new Set(['e']))).toMatchObject(expected);
    expect(lineOf('t', line, new Set(['Why.', 'other']))).toBeUndefined();
  }
  expect(lineOf('t', 'START RequestId: c', new Set(['c']))).toBeUndefined();
  expect(lineOf('t', '{"correlationId":"c"', new Set(['c']))).toBeUndefined();
});
