import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openLane } from '../../../lib/events/lane.ts';

describe('a lane', () => {
  it('sends everything once, in order, one batch at a time, within its limits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 50 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 40 }),
        async (sizes, items, bytes) => {
          const sent: number[] = [];
          let underWay = 0;
          const lane = openLane<{ index: number; size: number }, number>(
            async (batch) => {
              underWay += 1;
              expect(underWay).toBe(1);
              await new Promise(setImmediate);
              expect(batch.length).toBeLessThanOrEqual(items);
              if (batch.length > 1) expect(batch.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(bytes);
              sent.push(...batch.map(({ index }) => index));
              underWay -= 1;
              return batch.map(({ index }) => index * 2);
            },
            { items, bytes },
            ({ size }) => size,
          );
          const results = await Promise.all(sizes.map((size, index) => lane.put({ index, size })));
          expect(sent).toEqual(sizes.map((_, i) => i));
          expect(results).toEqual(sizes.map((_, i) => i * 2));
        },
      ),
    );
  });

  it('tells those of a failed batch, and goes on with the next', async () => {
    let fail = true;
    const lane = openLane<string, string>(
      async (batch) => {
        if (fail) throw new Error('down');
        return [...batch];
      },
      { items: 10, bytes: 1_000 },
      (text) => text.length,
    );
    await expect(lane.put('a')).rejects.toThrow('down');
    fail = false;
    await expect(lane.put('b')).resolves.toBe('b');
  });
});
