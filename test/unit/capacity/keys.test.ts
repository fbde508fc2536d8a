import { describe, expect, it } from 'vitest';
import { ANALYTICS_WINDOWS as windows } from '../../../lib/cli/analytics-windows.ts';
import { activeAmong, crowdOf } from '../../../lib/operations/capacity/cache/activity.ts';
import { BOOKKEEPING } from '../../../lib/operations/capacity/cache/bookkeeping.ts';
import { KEY_KINDS, kindOfKey, kindSizes, usualLoad } from '../../../lib/operations/capacity/cache/index.ts';

describe('kinds of keys', () => {
  it.each([
    ['analytics:code:{qr-1}:minute:2026-11-30T15:51', 'analytics:code:{code}:minute:TIME'],
    ['analytics:code:{qr-1}:minute:2026-11-30T15:51:visitors', 'analytics:code:{code}:minute:TIME:visitors'],
    ['analytics:user:{u}:day:2026-11-30', 'analytics:user:{user}:day:TIME'],
    ['analytics:code:{qr-1}:total:visitors', 'analytics:code:{code}:total:visitors'],
    ['analytics:touched:{rollup-2}:2026-11-30T15:52:seen', 'analytics:touched:{shard}:MINUTE'],
    ['updates:user-1', 'updates:USER'],
    ['updates-feed', 'updates-feed'],
    ['team:{t}', 'team:{team}'],
    ['team:{t}:feed', 'team:{team}:feed'],
    ['product:{store-1:sku-2}:sku-2', 'product:{store:SKU}:SKU'],
    ['schedule:{due}:entries', 'schedule:{due}:entries'],
    ['schedule:{due}:period:analytics-rollup', 'schedule:{due}:OTHER'],
    ['dlq:{dlq}:letter:payment-events-1-42', 'dlq:{dlq}:letter:POSITION'],
    ['payment-event:{c}:event-1', 'payment-event:{customer}:EVENT'],
  ])('%s is of %s', (key, name) => expect(kindOfKey(key)?.name).toBe(name));

  it('does not take a key for one it is not', () => {
    for (const key of ['team:{t}:other', 'somebody', 'analytics:shop:{x}:total'])
      expect(kindOfKey(key)).toBeUndefined();
  });

  it('has a name for each that no other has', () => {
    expect(new Set(KEY_KINDS.map(({ name }) => name)).size).toBe(KEY_KINDS.length);
  });

  it('reckons each without a negative or an endless size, from a hundred events a day to a billion', () => {
    for (const eventsPerDay of [100, 1e5, 1e9]) {
      const { activity } = usualLoad({ eventsPerDay, mix: undefined, codes: undefined, users: undefined, windows });
      for (const { kind, keys, bytes } of kindSizes(activity, KEY_KINDS)) {
        expect([kind.name, keys >= 0 && Number.isFinite(keys) && bytes >= 0 && Number.isFinite(bytes)]).toEqual([
          kind.name,
          true,
        ]);
      }
    }
  });

  it('needs for the bookkeeping of owners a small part of what a mark of 190 bytes a record and day would need', () => {
    const { activity } = usualLoad({ eventsPerDay: 1e9, mix: undefined, codes: undefined, users: undefined, windows });
    const bytes = kindSizes(activity, BOOKKEEPING).reduce((sum, { bytes: size }) => sum + size, 0);
    expect(bytes).toBeLessThan((1e9 * 190) / 10);
  });
});

describe('a crowd', () => {
  it('has as many members as it should, who get everything together, a tenth of them almost half', () => {
    const crowd = crowdOf(10_000);
    const sum = (of: (band: (typeof crowd)[number]) => number) => crowd.reduce((total, band) => total + of(band), 0);
    expect(sum(({ count }) => count)).toBe(10_000);
    expect(sum(({ count, share }) => count * share)).toBeCloseTo(1);
    let [members, events] = [0, 0];
    for (const { count, share } of crowd) {
      if (members + count > 1_100) break;
      members += count;
      events += count * share;
    }
    expect(events).toBeGreaterThan(0.4);
  });

  it('is active in part: all events are told, by no more members than there are', () => {
    for (const campaigns of [undefined, { share: 0.02, scans: 175 }]) {
      for (const events of [10, 1_000, 100_000]) {
        const active = activeAmong(crowdOf(2_000), events, campaigns);
        const told = active.reduce((sum, one) => sum + one.count * one.events, 0);
        expect(active.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(2_000);
        // Those with a campaign are told with the visits that all have.
        expect(Math.abs(told / events - 1)).toBeLessThan(0.02);
      }
    }
  });
});
