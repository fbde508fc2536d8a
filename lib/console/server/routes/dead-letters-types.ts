import type { LetterGroup } from '../../../operations/dead-letters/groups.ts';
import type { Meant } from '../../../operations/dead-letters/meant.ts';
import type { Left } from '../../../operations/dead-letters/redrive-plan.ts';
import type { ShownLetter } from '../../../operations/dead-letters/shown.ts';
import type { HistoryEntry } from '../../../stores/dead-letters/history.ts';
import type { Letter } from '../../../stores/dead-letters/letter.ts';
import type { Action } from '../dead-letters/actions.ts';
import type { Failure } from '../failure.ts';

/** Letters by topic and reason. */
export interface LetterReasons {
  readonly groups: readonly LetterGroup[];
  readonly letters: number;
  /** There are more than were looked at. */
  readonly hasMore: boolean;
  /** Where nothing was found: what was probably meant. */
  readonly meant: readonly Meant[];
}

/** What a filter may say, for the fields to offer; others may be meant as well. */
export type LetterNames = Readonly<Record<'topic' | 'reason' | 'consumer', readonly string[]>>;

export interface LetterPage {
  readonly letters: readonly Letter[];
  /** Where it goes on; null at the end. */
  readonly next: string | null;
}

export interface LetterDetails extends Omit<ShownLetter, 'history'> {
  readonly history: readonly (HistoryEntry & { readonly words: string })[];
  /** Whether its payload may be replaced. */
  readonly isPatchable: boolean;
}

/** What a patched letter would be published as. */
export interface CheckedPatch {
  readonly eventId: string;
  readonly eventType: string;
  readonly payload: unknown;
  readonly keyBefore: string | null;
  readonly key: string | null;
}

/** What would be done with which letters. */
export interface LetterPlan {
  readonly letters: number;
  /** How many of them are of which topic. */
  readonly topics: readonly { readonly topic: string; readonly letters: number }[];
  readonly examples: readonly string[];
  readonly left: readonly Left[];
  readonly leftCount: number;
  /** It is about what failed until then, milliseconds since 1970: what fails later was not seen by anybody. */
  readonly until: number;
}

/** Something that is, or was, done with letters. */
export interface Run {
  readonly id: string;
  readonly action: Action;
  /** Id of the one letter it is about; null where a filter has chosen them. */
  readonly letter: string | null;
  readonly state: 'preparing' | 'running' | 'done' | 'stopped' | 'failed';
  readonly through: number;
  readonly total: number;
  readonly changed: number;
  /** Those whose turn did not come. */
  readonly waiting: number;
  /** The first of those that stay as they are. */
  readonly left: readonly Left[];
  readonly leftCount: number;
  readonly failure: Failure | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Null while it is under way. */
  readonly endedAt: string | null;
}
