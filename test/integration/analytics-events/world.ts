import { randomUUID } from 'node:crypto';
import { scanAggregation } from '../../../handlers/analytics-events/aggregation.ts';
import type { PeriodName, Subject } from '../../../handlers/analytics-events/analytics-state.ts';
import { cachedPeriods } from '../../../handlers/analytics-events/cached-periods.ts';
import { keepRows } from '../../../handlers/analytics-events/kept-rows.ts';
import { startOf } from '../../../handlers/analytics-events/periods.ts';
import { rollUp } from '../../../handlers/analytics-events/rollup.ts';
import { NOTHING } from '../../../handlers/analytics-events/seam.ts';
import { createAggregateConsumer, ignore } from '../../../lib/consumer/index.ts';
import { type EventInputs, type EventOf, eventOf } from '../../../lib/events/index.ts';
import type { HistoryKind, Settings } from '../../../lib/settings.ts';
import type { Redis } from '../../../lib/stores/redis.ts';
import { deliveryTo } from '../../support/delivery.ts';
import { testStack } from '../../support/stack.ts';

const MINUTE = 60_000;

/** The minute in which the tests' scans happen: some hours ago, so that none of what follows is in the future. */
export const THEN = Math.floor(Date.now() / MINUTE) * MINUTE - 6 * 60 * MINUTE;

/** A time so many minutes after {@link THEN}, ISO 8601. */
export const timeAt = (minutes: number): string => new Date(THEN + minutes * MINUTE).toISOString();

/** Scans of the owner `userId` and code `qrId` unless said otherwise. */
export const newCode = (qrId: string = randomUUID(), userId: string = randomUUID()) => ({
  qrId,
  userId,
  code: { kind: 'code', id: qrId } as const,
  user: { kind: 'user', id: userId } as const,
  scan: (payload: Partial<EventInputs['qr.scanned']> = {}): EventOf<'qr.scanned'> =>
    eventOf('qr.scanned', { qrId, userId, action: 'scan', ...payload }, { source: 'test', timestamp: timeAt(0.5) }),
});

/**
 * The consumer of scans on the test stack, at a time of its own and with rollups of its own, of which the stack's scheduler
 * knows nothing.
 */
export const newWorld = (
  mostRows?: number,
  settings: Settings = testStack().settings,
  kind: HistoryKind = 'database',
) => {
  const rollup = `test-${randomUUID()}`;
  const clock = { now: THEN + 30_000 };
  const options = { rollup, now: () => clock.now };
  const delivery = deliveryTo(
    'analytics-events',
    (connect) =>
      createAggregateConsumer(
        'analytics-events',
        scanAggregation(options),
        {
          'analytics.rollup.requested': rollUp({
            ...options,
            ...(mostRows === undefined ? {} : { mostRows }),
            toObjects: keepRows(() => kind),
          }),
          'analytics.rollup.updated': ignore,
        },
        connect,
      ),
    settings,
  );
  return {
    ...delivery,
    clock,
    rollup,
    /** Asks for a rollup so many minutes after {@link THEN}, when that minute begins. */
    request: (minutes: number): EventOf<'analytics.rollup.requested'> => {
      clock.now = Math.max(clock.now, THEN + minutes * MINUTE);
      return eventOf('analytics.rollup.requested', { minute: timeAt(minutes) }, { source: 'test' });
    },
  };
};

/** What the cache has counted of the period that holds a time. */
export const periodOf = async (redis: Redis, subject: Subject, period: PeriodName, time: number) => {
  const start = startOf(period, time);
  return (await cachedPeriods(redis, subject, period, [start], true)).get(start) ?? NOTHING;
};

export const DONE = { batchItemFailures: [] };

export const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
export const LAPTOP =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
export const BOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
