import type { PeriodName } from '../../catalog/index.ts';
import type { HistoryKind } from '../../settings.ts';
import type { HistoryRow, RowSubject } from './row.ts';

/** Periods that began at `from` or later and before `to`, milliseconds since 1970. */
export interface HistorySpan {
  readonly period: PeriodName;
  readonly from: number;
  readonly to: number;
}

/** What must not be deleted, however old it is. */
export interface HeldHistory {
  readonly users: readonly string[];
  /** Whether an object with this key is held. */
  readonly isHeld: (key: string) => boolean;
}

/** What a step of a sweep came to. */
export interface Forgotten {
  readonly deleted: number;
  /** Old enough, but of users under a legal hold. */
  readonly held: number;
  /** Where the next step begins; undefined when the sweep is through. */
  readonly next: string | undefined;
}

/**
 * Scans by minute, hour and day that are out of the cache. Every method throws a TransientError (DATABASE_UNAVAILABLE or
 * OBJECT_STORE_UNAVAILABLE) when its store cannot be reached.
 */
export interface History {
  readonly kind: HistoryKind;
  /** The rows of a subject, every part of a period as a row of its own. */
  read(subject: RowSubject, span: HistorySpan): Promise<readonly HistoryRow[]>;
  /** Writes rows; one that is there with the same or a larger revision stays. Doing it again changes nothing. */
  put(rows: readonly HistoryRow[]): Promise<void>;
  /**
   * Deletes everything of a user.
   *
   * @param codes the user's codes, as far as they are known
   * @returns how many rows
   */
  erase(userId: string, codes: readonly string[], signal: AbortSignal): Promise<number>;
  /**
   * Deletes some of the rows of a period that are older than `before` (milliseconds since 1970), but what is held. What lies
   * together goes when all of it is old enough: a month in PostgreSQL; a day, month or year in objects.
   *
   * @param after where the step before has ended
   */
  forget(period: PeriodName, before: number, held: HeldHistory, after: string | undefined): Promise<Forgotten>;
  /** Whether older rows are still being moved, so that some may be missing for now. */
  isMoving(): Promise<boolean>;
  /** Ends its connections. */
  close(): Promise<void>;
}
