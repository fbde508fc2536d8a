import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../lib/errors.ts';
import { openPublisher, type Published, type RawRecord } from '../../../lib/events/index.ts';
import type { Settings } from '../../../lib/settings.ts';

/**
 * A process of its own that publishes what it is told to. It says late where records lie, so that, killed, it leaves some
 * that are in the log and of which nobody knows. PRODUCER_SETTINGS: {@link Settings} as JSON.
 */

/** A record to publish, under a number of the parent's. */
export interface Order {
  readonly id: number;
  readonly record: RawRecord;
}

export type Answer =
  | { readonly id: number; readonly published: Published }
  | { readonly id: number; readonly error: string };

/** How late the parent is told that a record is acknowledged. */
const LATE_MS = 300;

const settings: Settings = JSON.parse(process.env.PRODUCER_SETTINGS ?? '');
const publisher = openPublisher(settings, { clientId: 'faults-producer' });

const answer = (what: Answer): void => {
  process.send?.(what);
};

process.on('message', ({ id, record }: Order) => {
  publisher
    .publishRaw([record])
    .then(async ([published]) => {
      await delay(LATE_MS);
      if (published !== undefined) answer({ id, published });
    })
    .catch((error: unknown) => answer({ id, error: messageOf(error) }));
});
// Whoever begun it is gone.
process.on('disconnect', () => process.exit(0));
