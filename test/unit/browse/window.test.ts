import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFound } from '../../../lib/operations/browse/search.ts';
import {
  type Bounds,
  cursorOf,
  type Edges,
  edgesIn,
  leftOf,
  type Order,
  pageOf,
  windowOf,
} from '../../../lib/operations/browse/window.ts';
import type { ReadableRecord } from '../../../lib/operations/records.ts';

interface Row {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
}

/** A topic: of each partition where it begins, and the milliseconds between its records. */
const topics = fc.array(fc.record({ begin: fc.nat(50), gaps: fc.array(fc.nat(20), { maxLength: 40 }) }), {
  minLength: 1,
  maxLength: 5,
});
const orders = fc.constantFrom<Order>('newest', 'oldest');

const topicOf = (shape: readonly { begin: number; gaps: readonly number[] }[]) => {
  const rows: Row[] = [];
  const bounds: Bounds[] = shape.map(({ begin, gaps }, partition) => {
    let timestamp = 0;
    for (const [i, gap] of gaps.entries()) {
      timestamp += gap;
      rows.push({ partition, offset: begin + i, timestamp });
    }
    return { partition, begin, end: begin + gaps.length };
  });
  const inside = (window: readonly Bounds[]) =>
    rows.filter(({ partition, offset }) =>
      window.some((each) => each.partition === partition && offset >= each.begin && offset < each.end),
    );
  return { rows, bounds, inside };
};

const pagesOf = (
  bounds: readonly Bounds[],
  order: Order,
  size: number,
  limit: number,
  inside: (w: readonly Bounds[]) => Row[],
) => {
  const seen: Row[] = [];
  let edges: Edges = new Map();
  for (let i = 0; i < 1_000 && leftOf(bounds, edges, order) > 0; i += 1) {
    const window = windowOf(bounds, edges, order, size);
    const page = pageOf(inside(window), window, edges, order, limit);
    seen.push(...page.records);
    edges = edgesIn(cursorOf(page.edges));
  }
  return seen;
};

describe('browsing page by page', () => {
  it('shows every record once, in the order of time, when a page may come from one partition alone', () => {
    fc.assert(
      fc.property(topics, orders, fc.integer({ min: 1, max: 9 }), (shape, order, limit) => {
        const { rows, bounds, inside } = topicOf(shape);
        const seen = pagesOf(bounds, order, limit, limit, inside);
        expect(new Set(seen.map(({ partition, offset }) => `${partition}/${offset}`)).size).toBe(rows.length);
        expect(seen).toHaveLength(rows.length);
        const times = seen.map(({ timestamp }) => timestamp);
        expect(times).toEqual([...times].sort((a, b) => (order === 'newest' ? b - a : a - b)));
      }),
    );
  });

  it('loses and repeats nothing either when windows are smaller than pages, and keeps the order of each partition', () => {
    fc.assert(
      fc.property(topics, orders, fc.integer({ min: 1, max: 5 }), (shape, order, size) => {
        const { rows, bounds, inside } = topicOf(shape);
        const seen = pagesOf(bounds, order, size, 7, inside);
        expect(seen).toHaveLength(rows.length);
        for (const { partition } of bounds) {
          const offsets = seen.filter((row) => row.partition === partition).map(({ offset }) => offset);
          expect(offsets).toEqual([...offsets].sort((a, b) => (order === 'newest' ? b - a : a - b)));
        }
      }),
    );
  });

  it('reads no more of a million records than a page', () => {
    const bounds = [{ partition: 0, begin: 0, end: 1_000_000 }];
    expect(windowOf(bounds, new Map(), 'newest', 50)).toEqual([{ partition: 0, begin: 999_950, end: 1_000_000 }]);
    expect(windowOf(bounds, new Map([[0, 500]]), 'oldest', 50)).toEqual([{ partition: 0, begin: 500, end: 550 }]);
  });

  it('takes nothing else for a cursor', () => {
    for (const text of ['', '1', '1.x', '-1.2', '1.2~', "1.2'", `${'1.1~'.repeat(6_000)}1.1`]) {
      expect(() => edgesIn(text)).toThrow('no place to continue');
    }
  });
});

describe('a search', () => {
  const record: ReadableRecord = {
    ...{ topic: 't', partition: 0, offset: 1, timestamp: '', format: 'json' as const, schema: null, problem: null },
    key: 'Anna',
    headers: { 'event-type': 'qr.scanned' },
    headerList: [{ name: 'event-type', value: 'qr.scanned' }],
    value: { payload: { city: 'Zürich' } },
  };

  it.each([
    ['anna', 'key', true],
    ['anna', 'value', false],
    ['zürich', 'value', true],
    ['event-type: qr', 'headers', true],
    ['ZÜRICH', 'anywhere', true],
    ['bern', 'anywhere', false],
  ] as const)('for "%s" (%s) says %s', (text, place, expected) => {
    expect(isFound(record, { text, place })).toBe(expected);
  });
});
