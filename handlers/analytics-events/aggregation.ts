import type { Addition, Aggregation } from '../../lib/consumer/index.ts';
import { countersOf, type Part } from './counters.ts';
import type { Subject } from './keys.ts';
import { minutePartOf } from './minute-part.ts';
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

const additionOf = (part: Part): Addition<Part> => ({ owner: part.subject.id, name: 'scans', part });

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
      const user: Subject = { kind: 'user', id: scan.userId };
      const subjects: readonly Subject[] = scan.qrId === null ? [user] : [user, { kind: 'code', id: scan.qrId }];
      if (isCountable('minute', scan.at, scan.now)) return subjects.map((subject) => additionOf({ subject, scan }));
      return Promise.all(
        subjects.map(async (subject) => {
          const minutePart = await minutePartOf(redis, subject, scan.at, scan.now);
          return additionOf({ subject, scan, minutePart });
        }),
      );
    },
    prepare: (parts, { redis }) => touch(redis, rollup, parts, now()),
    writes: countersOf,
  };
};
