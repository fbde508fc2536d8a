import type { LetterGroup } from '../../../../operations/dead-letters/groups.ts';
import type { LetterStatus } from '../../../../stores/dead-letters/letter.ts';
import { number } from '../../format.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';

const TONES: Readonly<Record<LetterStatus, Tone>> = {
  open: 'bad',
  retrying: 'warn',
  redriven: 'busy',
  parked: 'plain',
  discarded: 'plain',
  done: 'ok',
};

export const LetterState = ({ status }: { status: LetterStatus }) => <Badge tone={TONES[status]}>{status}</Badge>;

const STATUSES = Object.keys(TONES).filter((word): word is LetterStatus => word in TONES);

/** How many there are of each status. */
export const LetterCounts = ({ counts }: { counts: LetterGroup['counts'] }) => (
  <span class="counts">
    {STATUSES.filter((status) => counts[status] > 0).map((status) => (
      <Badge key={status} tone={TONES[status]}>
        {number(counts[status])} {status}
      </Badge>
    ))}
  </span>
);

export const STATUS_WORDS = STATUSES;
