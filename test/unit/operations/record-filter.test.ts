import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionOf, isWanted } from '../../../lib/operations/record-filter.ts';
import type { ReadableRecord } from '../../../lib/operations/records.ts';

const recordWith = (value: unknown): ReadableRecord => ({
  ...{ topic: 't', partition: 0, offset: 0, timestamp: '', key: 'k1', headers: { 'event-type': 'qr.scanned' } },
  headerList: [{ name: 'event-type', value: 'qr.scanned' }],
  ...{ format: 'json', value, schema: null, problem: null },
});

const RECORD = recordWith({
  payload: { userId: 'u1', count: 3, note: null, items: [{ sku: 'a' }, { sku: 'b' }], tags: ['x', 'y=z'] },
});

describe('a condition', () => {
  it.each([
    ['payload.userId=u1', true],
    ['payload.userId=u', false],
    ['payload.userId~u', true],
    ['payload.userId!=u1', false],
    ['payload.count=3', true],
    ['payload.note=null', true],
    ['payload.items.sku=b', true],
    ['payload.items.0.sku=b', false],
    ['payload.items.1.sku=b', true],
    ['payload.tags=y=z', true],
    ['payload.absent=', false],
    ['payload.absent!=u1', true],
    ['payload.userId.deeper=u1', false],
    ['payload.constructor~function', false],
    ['headers.event-type=qr.scanned', true],
    ['headers.event-type!=qr.scanned', false],
  ])('%s holds: %s', (typed, expected) => {
    expect(isWanted(RECORD, { where: [conditionOf(typed)] })).toBe(expected);
  });

  it('and its opposite never hold together, whatever the value is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('a', 'a.b', '0', ''), fc.string(), (value, path, text) => {
        const of = (comparison: string) =>
          isWanted(recordWith({ p: value }), { where: [conditionOf(`p${path && `.${path}`}${comparison}${text}`)] });
        expect(of('=')).toBe(!of('!='));
      }),
    );
  });

  it.each(['', 'payload', '=x', 'a..b=c', '.a=b'])('that is none (%j) is refused', (typed) => {
    expect(() => conditionOf(typed)).toThrow('is no condition');
  });

  it('is one of several that must all hold, beside the key', () => {
    const where = ['payload.userId=u1', 'payload.count=4'].map(conditionOf);
    expect(isWanted(RECORD, { where })).toBe(false);
    expect(isWanted(RECORD, { key: 'k1', where: where.slice(0, 1) })).toBe(true);
    expect(isWanted(RECORD, { key: 'k2', where: where.slice(0, 1) })).toBe(false);
  });
});
