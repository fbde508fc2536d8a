import type { Addition, Aggregation } from '../../lib/consumer/index.ts';
import { countersOf, type Part } from './counters.ts';
import { isCountable } from './periods.ts';
import { scanOf } from './scan.ts';
import { ROLLUP, touch } from './touched.ts';
import { openSalts, visitorOf } from './visitors.ts';

/** What tests set. */
export interface AnalyticsOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Who rolls up what is counted. */
  readonly rollup?: string;
}

/** How scans are counted: for their code, where they have one, and for its owner. */
export const scanAggregation = ({
  now = Date.now,
  rollup = ROLLUP,
}: AnalyticsOptions = {}): Aggregation<'qr.scanned', Part> => {
  const salts = openSalts();
  return {
    type: 'qr.scanned',
    additions: async (event, { redis }) => {
      const known = scanOf(event, now());
      const { ip, userAgent } = event.payload;
      const isVisitor = ip !== null && ip !== '' && !known.isBot;
      const visitor = isVisitor ? visitorOf(await salts(redis, known.at), ip, userAgent) : undefined;
      const scan = { ...known, visitor };
      const ofUser: Addition<Part> = {
        owner: scan.userId,
        name: 'scans',
        part: { subject: { kind: 'user', id: scan.userId }, scan },
      };
      if (scan.qrId === null) return [ofUser];
      return [ofUser, { owner: scan.qrId, name: 'scans', part: { subject: { kind: 'code', id: scan.qrId }, scan } }];
    },
    prepare: async (parts, { redis }) => {
      const ofCodes = parts.flatMap(({ subject, scan }) => (subject.kind === 'code' ? [scan] : []));
      const inMinutes = ofCodes.filter((scan) => isCountable('minute', scan.at, scan.now));
      await touch(redis, rollup, inMinutes, now());
    },
    writes: countersOf,
  };
};
