import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderingGroups } from '../../../lib/consumer/ordering-groups.ts';

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

describe('ordering groups', () => {
  it('hold every record once', () => {
    fc.assert(
      fc.property(records, fc.constantFrom('key' as const, 'partition' as const), (batch, ordering) => {
        const grouped = orderingGroups(batch, ordering).flat();
        expect(grouped).toHaveLength(batch.length);
        expect(new Set(grouped)).toEqual(new Set(batch));
      }),
    );
  });

  it('keep the order of a partition, or of a key', () => {
    fc.assert(
      fc.property(records, fc.constantFrom('key' as const, 'partition' as const), (batch, ordering) => {
        for (const group of orderingGroups(batch, ordering)) {
          const places = group.map((record) => batch.indexOf(record));
          expect(places).toEqual([...places].sort((a, b) => a - b));
          const [first] = group;
          const all = batch.filter(({ partition, key }) => {
            if (partition !== first?.partition) return false;
            return ordering === 'partition' || (key !== null && first.key !== null && key.equals(first.key));
          });
          if (ordering === 'partition' || first?.key != null) expect(group).toHaveLength(all.length);
          else expect(group).toHaveLength(1);
        }
      }),
    );
  });

  it('hold one record each where order does not matter', () => {
    fc.assert(
      fc.property(records, (batch) => {
        expect(orderingGroups(batch, 'none')).toEqual(batch.map((record) => [record]));
      }),
    );
  });
});
