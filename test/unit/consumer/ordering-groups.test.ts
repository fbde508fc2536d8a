import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderingGroups } from '../../../lib/consumer/ordering-groups.ts';

const records = fc.array(
  fc.record({
    partition: fc.integer({ min: 0, max: 3 }),
    identity: fc.record({ tag: fc.constantFrom('{a}', '{b}', '{c}') }),
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

  it('keep the order of a partition, or of an owner', () => {
    fc.assert(
      fc.property(records, fc.constantFrom('key' as const, 'partition' as const), (batch, ordering) => {
        for (const group of orderingGroups(batch, ordering)) {
          const places = group.map((record) => batch.indexOf(record));
          expect(places).toEqual([...places].sort((a, b) => a - b));
          const [first] = group;
          const all = batch.filter(({ partition, identity }) => {
            if (partition !== first?.partition) return false;
            return ordering === 'partition' || identity.tag === first.identity.tag;
          });
          expect(group).toEqual(all);
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
