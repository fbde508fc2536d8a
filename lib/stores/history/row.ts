import type { PeriodName } from '../../catalog/index.ts';

/** What scans are told apart by in history; of which period which, the counters decide. */
export const ROW_DIMENSIONS = ['country', 'device', 'referrer', 'os', 'browser', 'action'] as const;

export type RowDimension = (typeof ROW_DIMENSIONS)[number];

/** Whose scans are counted: those of a code, or of all codes of a user. */
export interface RowSubject {
  readonly kind: 'code' | 'user';
  readonly id: string;
}

/** What was counted of a subject in a period, or in a part of it. */
export interface HistoryRow extends RowSubject {
  /** The code's owner, or the user. */
  readonly userId: string;
  readonly period: PeriodName;
  /** When the period began, milliseconds since 1970. */
  readonly start: number;
  /** 0, or the hour in which late scans came, in hours since 1970. The parts of a period add up. */
  readonly part: number;
  /** Scans and bots together: of two rows of the same part the one with more is the later one. */
  readonly revision: number;
  readonly scans: number;
  readonly bots: number;
  readonly visitors: number;
  /** Scans by a dimension's values. */
  readonly by: Readonly<Partial<Record<RowDimension, Readonly<Record<string, number>>>>>;
}

/** What makes two rows the same: the one with the larger revision replaces the other. */
export const rowIdentity = ({ kind, id, period, start, part }: HistoryRow): string =>
  `${kind} ${period} ${start} ${part} ${id}`;

/** The rows with the largest revision of each identity, in the order in which the identities came first. */
export const latestRows = (rows: Iterable<HistoryRow>): readonly HistoryRow[] => {
  const known = new Map<string, HistoryRow>();
  for (const row of rows) {
    const identity = rowIdentity(row);
    const before = known.get(identity);
    if (before === undefined || before.revision < row.revision) known.set(identity, row);
  }
  return [...known.values()];
};
