import { describe, expect, it } from 'vitest';
import { headersJson, integer, listOf, oneOf } from '../../../lib/cli/arguments.ts';
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
