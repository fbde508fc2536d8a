import { createHash } from 'node:crypto';
import type { RawRecord } from '../events/index.ts';

/** A record that is to be published later. */
export interface Scheduled {
  /** Names it: scheduling the same key again replaces it, cancelling takes it out. Any text. */
  readonly key: string;
  /** When it is due, milliseconds since 1970. */
  readonly dueAt: number;
  readonly record: RawRecord;
}

/** An entry as both stores keep it: text, so that "is it still the same" is a comparison. */
export interface StoredEntry extends Scheduled {
  /** When it was scheduled, milliseconds since 1970: of two copies of a key the later one counts. */
  readonly since: number;
  readonly text: string;
}

interface Layout {
  readonly key: string;
  readonly dueAt: number;
  readonly since: number;
  readonly topic: string;
  readonly recordKey: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly partition?: number;
}

/** @param since milliseconds since 1970 */
export const stored = (entry: Scheduled, since: number): StoredEntry => {
  const { key, dueAt, record } = entry;
  const layout: Layout = {
    key,
    dueAt,
    since,
    topic: record.topic,
    recordKey: record.key?.toString('base64') ?? null,
    value: record.value?.toString('base64') ?? null,
    headers: record.headers.map(([name, value]) => [name, value.toString('base64')]),
    ...(record.partition === undefined ? {} : { partition: record.partition }),
  };
  return { key, dueAt, record, since, text: JSON.stringify(layout) };
};

/** Reads what {@link stored} wrote. */
export const storedFrom = (text: string): StoredEntry => {
  const { key, dueAt, since, topic, recordKey, value, headers, partition }: Layout = JSON.parse(text);
  const bytes = (base64: string | null): Buffer | null => (base64 === null ? null : Buffer.from(base64, 'base64'));
  const record: RawRecord = {
    topic,
    key: bytes(recordKey),
    value: bytes(value),
    headers: headers.map(([name, content]) => [name, Buffer.from(content, 'base64')] as const),
    ...(partition === undefined ? {} : { partition }),
  };
  return { key, dueAt, since, record, text };
};

/** An entry whose record has another value; all else stays. @param text of an entry */
export const withOtherValue = (text: string, change: (value: Buffer | null) => Buffer | null): StoredEntry => {
  const { record, since, ...rest } = storedFrom(text);
  return stored({ ...rest, record: { ...record, value: change(record.value) } }, since);
};

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** Where the entries of a schedule lie as objects. */
export interface EntryObjects {
  /** Prefix of all of them. */
  readonly prefix: string;
  /** Prefix of those of a key. */
  readonly folderOf: (key: string) => string;
  /** The object of an entry; another version of the same key is another object. */
  readonly keyOf: (entry: Pick<StoredEntry, 'key' | 'text'>) => string;
}

/** @param name the schedule's name */
export const entryObjects = (name: string): EntryObjects => {
  const prefix = `schedule/${name}/`;
  const folderOf = (key: string): string => `${prefix}${digest(key)}/`;
  return { prefix, folderOf, keyOf: ({ key, text }) => `${folderOf(key)}${digest(text)}.json` };
};
