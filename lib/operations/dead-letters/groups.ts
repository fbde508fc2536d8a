import type { Letter, LetterStatus } from '../../stores/dead-letters/letter.ts';

/** Letters of one topic and reason. */
export interface LetterGroup {
  readonly topic: string;
  readonly code: string;
  readonly counts: Readonly<Record<LetterStatus, number>>;
  /** How many there are. */
  readonly total: number;
  /** The one that failed last. */
  readonly example: Pick<Letter, 'id' | 'consumer' | 'message'>;
  /** ISO 8601, UTC. */
  readonly lastFailure: string;
}

const NONE: LetterGroup['counts'] = { open: 0, retrying: 0, redriven: 0, parked: 0, discarded: 0, done: 0 };

/** Letters counted by topic and reason, those with most that wait for somebody first. */
export const summarise = (letters: readonly Letter[]): readonly LetterGroup[] => {
  const groups = new Map<string, LetterGroup>();
  for (const { id, topic, code, status, lastFailure, consumer, message } of letters) {
    const name = `${topic}\0${code}`;
    const known = groups.get(name);
    const isLatest = known === undefined || lastFailure > known.lastFailure;
    const counts = known?.counts ?? NONE;
    groups.set(name, {
      ...{ topic, code },
      counts: { ...counts, [status]: counts[status] + 1 },
      total: (known?.total ?? 0) + 1,
      example: isLatest ? { id, consumer, message } : known.example,
      lastFailure: isLatest ? lastFailure : known.lastFailure,
    });
  }
  const waiting = ({ counts }: LetterGroup): number => counts.open + counts.parked;
  return [...groups.values()].sort((a, b) => waiting(b) - waiting(a) || (a.lastFailure < b.lastFailure ? 1 : -1));
};
