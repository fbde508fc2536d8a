import { describe, expect, it } from 'vitest';
import { type CacheCheck, isWhole, unknownOf } from '../../../lib/operations/repair/cache-check.ts';
import { cacheFault } from '../../../lib/operations/repair/cache-text.ts';
import type { GroupPosition } from '../../../lib/operations/repair/group-positions.ts';

const position = (other: Partial<GroupPosition> = {}): GroupPosition => ({
  topic: 'payment-events',
  group: 'payment-processors',
  partition: 0,
  begin: 0,
  end: 100,
  committed: 50,
  isMovedByHand: false,
  ...other,
});

const isSuspect = (high: number, other: Partial<GroupPosition> = {}): boolean =>
  unknownOf([position(other)], [{ high }]).length === 1;

describe('a partition is suspected', () => {
  it('when its group has committed more than the cache knows', () => {
    expect(isSuspect(40)).toBe(true);
    expect(isSuspect(-1)).toBe(true);
  });

  it('not while the cache is level with its group or ahead of it', () => {
    expect([49, 60, 99].map((high) => isSuspect(high))).toEqual([false, false, false]);
  });

  it('not where nothing was committed, or no record was there to deliver', () => {
    expect(isSuspect(-1, { committed: 0 })).toBe(false);
    expect(isSuspect(-1, { begin: 50 })).toBe(false);
  });

  it('not where an operator has moved the group forward', () => {
    expect(isSuspect(40, { isMovedByHand: true })).toBe(false);
  });
});

const WHOLE: CacheCheck = { losses: [], unknown: [], isGone: false, repair: undefined };
const NOW = Date.parse('2026-01-31T08:00:00Z');
const UNKNOWN = { topic: 'payment-events', partition: 3, committed: 50, high: 40 } as const;

describe('what is said', () => {
  it('is nothing of a cache that is whole', () => {
    expect(isWhole(WHOLE)).toBe(true);
    expect(cacheFault(WHOLE, NOW)).toBeUndefined();
  });

  it('names a time before the loss', () => {
    const loss = { topic: 'payment-events', partition: 3, known: 4, delivered: 9, at: '2026-01-31T07:40:00.000Z' };
    expect(cacheFault({ ...WHOLE, losses: [loss], unknown: [UNKNOWN] }, NOW)).toEqual({
      detail: 'the cache has lost its newest writes: payment-events [3]',
      next: ['./stream-manager.sh repair --since 30m'],
    });
  });

  it('counts the partitions', () => {
    const { detail } = cacheFault({ ...WHOLE, unknown: [UNKNOWN, UNKNOWN, UNKNOWN] }, NOW) ?? {};
    expect(detail).toBe('the cache knows less than was processed: payment-events [3] and 2 more partitions');
  });

  it('asks for a backup where the cache is empty', () => {
    const { next = [] } = cacheFault({ ...WHOLE, unknown: [UNKNOWN], isGone: true }, NOW) ?? {};
    expect(next[0]).toBe('./stream-manager.sh repair --from BACKUP');
  });

  it('puts a repair first that has not ended', () => {
    const repair = { begunAt: '2026-01-31T07:00:00.000Z', backup: 'b-1', isRewound: false };
    expect(cacheFault({ ...WHOLE, repair, isGone: true }, NOW)?.next[0]).toContain('--from BACKUP --id b-1');
  });
});
