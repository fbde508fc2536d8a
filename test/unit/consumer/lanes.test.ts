import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lanesOf } from '../../../lib/consumer/lanes.ts';

const records = fc.array(
  fc.record({
    partition: fc.integer({ min: 0, max: 3 }),
    key: fc.option(
      fc.constantFrom('a', 'b', 'c').map((key) => Buffer.from(key)),
      { nil: null },
    ),
  }),
  { maxLength: 60 },
);

describe('lanes', () => {
  it('hold every record once', () => {
    fc.assert(
      fc.property(records, fc.constantFrom('key' as const, 'partition' as const), (batch, ordering) => {
        const inLanes = lanesOf(batch, ordering).flat();
        expect(inLanes).toHaveLength(batch.length);
        expect(new Set(inLanes)).toEqual(new Set(batch));
      }),
    );
  });

  it('keep the order of a partition, or of a key', () => {
    fc.assert(
      fc.property(records, fc.constantFrom('key' as const, 'partition' as const), (batch, ordering) => {
        for (const lane of lanesOf(batch, ordering)) {
          const places = lane.map((record) => batch.indexOf(record));
          expect(places).toEqual([...places].sort((a, b) => a - b));
          const [first] = lane;
          const all = batch.filter(({ partition, key }) => {
            if (partition !== first?.partition) return false;
            return ordering === 'partition' || (key !== null && first.key !== null && key.equals(first.key));
          });
          if (ordering === 'partition' || first?.key != null) expect(lane).toHaveLength(all.length);
          else expect(lane).toHaveLength(1);
        }
      }),
    );
  });
});
