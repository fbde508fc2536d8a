import type { BrowsedRecord } from '../../../operations/browse/page.ts';

/** A record in a list: the beginning of its value only. */
export type ListedRecord = Omit<BrowsedRecord, 'value' | 'headers'> & {
  readonly preview: string;
  readonly eventType: string | null;
};

/** Somewhere to type a message: what the catalog knows of the topic. */
export interface MessageForm {
  readonly eventTypes: readonly string[];
  readonly key: string | null;
}
