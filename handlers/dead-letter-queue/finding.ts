import type { InboundRecord } from '../../lib/events/index.ts';
import type { DeadLetter, Original } from '../../lib/stores/dead-letters/index.ts';

/** A dead letter with the record it is about. */
export interface Found {
  readonly letter: DeadLetter;
  readonly original: Original;
}

/** Reads a record of the queue as one shape of dead letter; undefined when it is none. */
export type Reader = (record: InboundRecord) => Found | undefined;
