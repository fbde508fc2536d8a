import type { Story } from '../draft.ts';
import type { Stage } from '../stage.ts';
import { batches, uploads } from './files.ts';
import { domains, forgetting } from './operating.ts';
import { paying } from './paying.ts';
import { acting, joining, telling } from './people.ts';
import { publishing } from './publishing.ts';
import { scanning } from './scanning.ts';
import { selling } from './selling.ts';
import { teams } from './teams.ts';

/** A kind of story, and how much of a day’s events it makes. */
export interface Kind {
  readonly begin: (stage: Stage) => Story;
  /** Of a thousand events. */
  readonly share: number;
  /** Stories of the kind that go on at the same time. */
  readonly atOnce: number;
}

/**
 * What a day of the product is made of. The dead-letter queue has no story of its own: what goes wrong in the others comes
 * there.
 */
export const KINDS: readonly Kind[] = [
  { begin: scanning, share: 740, atOnce: 20 },
  { begin: selling, share: 70, atOnce: 50 },
  { begin: teams, share: 45, atOnce: 20 },
  { begin: telling, share: 45, atOnce: 20 },
  { begin: publishing, share: 30, atOnce: 20 },
  { begin: paying, share: 25, atOnce: 20 },
  { begin: joining, share: 20, atOnce: 20 },
  { begin: acting, share: 15, atOnce: 5 },
  { begin: uploads, share: 4, atOnce: 1 },
  { begin: batches, share: 3, atOnce: 1 },
  { begin: domains, share: 2, atOnce: 1 },
  { begin: forgetting, share: 1, atOnce: 1 },
];
