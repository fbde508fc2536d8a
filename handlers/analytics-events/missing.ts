/**
 * Why points may be too low.
 * - `deleted`: older than history keeps them.
 * - `history-unavailable`, `cache-unavailable`: the store does not answer.
 * - `history-behind`: longer periods have counted more than what has come to history so far.
 * - `history-moving`: rows of before are still being moved (`connectors migrate`).
 */
export type MissingReason =
  | 'deleted'
  | 'history-unavailable'
  | 'cache-unavailable'
  | 'history-behind'
  | 'history-moving';

/** A part of a range that is missing, or may be. */
export interface MissingSpan {
  /** ISO 8601, UTC; a period's start. */
  readonly from: string;
  /** ISO 8601, UTC; what begins then is there again. */
  readonly to: string;
  readonly reason: MissingReason;
}

/** The same in milliseconds since 1970. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly reason: MissingReason;
}

/** Gaps within a range in the order of time; those of one reason that touch become one. */
export const missingIn = (gaps: readonly Gap[], from: number, to: number): readonly MissingSpan[] => {
  const joined: { from: number; to: number; reason: MissingReason }[] = [];
  const inside = gaps
    .map((gap) => ({ ...gap, from: Math.max(from, gap.from), to: Math.min(to, gap.to) }))
    .filter((gap) => gap.from < gap.to)
    .sort((a, b) => a.from - b.from || a.to - b.to);
  for (const gap of inside) {
    const last = joined.findLast(({ reason }) => reason === gap.reason);
    if (last !== undefined && last.to >= gap.from) last.to = Math.max(last.to, gap.to);
    else joined.push(gap);
  }
  return joined.map(({ reason, ...span }) => ({
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    reason,
  }));
};
