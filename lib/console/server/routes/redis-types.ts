import type { EntryPage, StreamEntry } from '../../../operations/redis-streams/entries.ts';

/** An entry in a list: the beginning of its fields only. */
export type ListedEntry = Omit<StreamEntry, 'fields'> & { readonly preview: string };

export type ListedEntries = Omit<EntryPage, 'entries'> & { readonly entries: readonly ListedEntry[] };
