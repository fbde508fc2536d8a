import { describe, expect, it } from 'vitest';
import { future, headersJson, integer, listOf, moment, oneOf } from '../../../lib/cli/arguments.ts';
import { checkNewName } from '../../../lib/operations/topic-name.ts';

describe('arguments', () => {
  it.each(['0', '250001', '1.5', '1e3', 'ten', '', ' 5'])('refuse %j as a number of items', (word) => {
    expect(() => integer(1, 250_000)(word)).toThrow('It must be a whole number from 1 to 250000.');
  });

  it('take whole numbers in range, also negative ones', () => {
    expect(integer(1, 250_000)('250000')).toBe(250_000);
    expect(integer(-1)('-1')).toBe(-1);
  });

  it('take words out of a list', () => {
    expect(oneOf(['normal', 'high'])('HIGH')).toBe('high');
    expect(() => oneOf(['normal', 'high'])('urgent')).toThrow('It must be normal or high.');
    expect(listOf(['png', 'svg', 'pdf'])('svg, png,svg')).toEqual(['svg', 'png']);
    expect(() => listOf(['png', 'svg', 'pdf'])('png,gif')).toThrow('one or more of png, svg, pdf');
  });

  it('take times, or how long ago they were', () => {
    expect(moment('2026-01-31T08:00:00Z')).toBe(Date.parse('2026-01-31T08:00:00Z'));
    expect(Math.abs(Date.now() - moment('2h') - 7_200_000)).toBeLessThan(60_000);
    expect(() => moment('yesterday')).toThrow('30m, 2h, 7d');
    expect(future('2099-01-31T08:00:00Z')).toBe('2099-01-31T08:00:00.000Z');
    for (const bad of ['2020-01-31', 'soon']) expect(() => future(bad)).toThrow('a time to come');
  });

  it('take headers as a JSON object of plain values', () => {
    expect(headersJson('{"tenant":"t1","attempt":2}')).toEqual({ tenant: 't1', attempt: '2' });
    for (const bad of ['tenant=t1', '[]', 'null', '{"a":{"b":1}}']) {
      expect(() => headersJson(bad)).toThrow('It must be a JSON object');
    }
  });
});

describe('the name of a new topic', () => {
  it.each([
    ['', 'cannot be empty'],
    ['..', 'cannot be named'],
    ['a'.repeat(250), 'at most 249 characters'],
    ['my topic', 'made of letters'],
    ['grün', 'made of letters'],
    ['notifications', 'exists already'],
    ['my_topic', 'would collide with my.topic'],
  ])('%s is refused', (name, sentence) => {
    expect(() => checkNewName(name, ['notifications', 'my.topic'])).toThrow(sentence);
  });

  it('may be anything else Kafka takes', () => {
    for (const name of ['my-topic', 'a', 'A.b_c-9', 'a'.repeat(249)]) checkNewName(name, ['notifications']);
  });
});
