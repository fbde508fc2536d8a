import avro, { type Schema } from 'avsc';
import type { Kind } from './segment.ts';

/**
 * Keys of Redis are kept by what they hold, and not as DUMP gives them: its format belongs to a version of the server (what
 * Valkey 8 writes, Redis 6.2 does not read), and RESTORE is one of the dangerous commands, which the cache's user in AWS may
 * not call.
 */

/** A stream's consumer group. */
export interface StoredStreamGroup {
  readonly name: Buffer;
  readonly lastDelivered: Buffer;
  readonly consumers: readonly Buffer[];
  /** Entries that were delivered and not acknowledged. */
  readonly pending: readonly {
    readonly id: Buffer;
    readonly consumer: Buffer;
    /** Milliseconds since 1970. */
    readonly deliveredAt: number;
    readonly deliveries: number;
  }[];
}

export interface StoredStream {
  /** Id that was given last, also when its entry is gone. */
  readonly lastId: Buffer;
  readonly entries: readonly { readonly id: Buffer; readonly fields: readonly Buffer[] }[];
  readonly groups: readonly StoredStreamGroup[];
}

/** A key of Redis, by what it holds. */
export interface StoredKey {
  readonly key: Buffer;
  /** Milliseconds since 1970; null for a key that stays. */
  readonly expiresAt: number | null;
  readonly type: string;
  /**
   * The value of a string (a HyperLogLog is one); elements of a list or set; fields each followed by their value; members each
   * followed by their score. None of a stream.
   */
  readonly values: readonly Buffer[];
  readonly stream: StoredStream | null;
}

/** A key as backups of the first days have it: what DUMP gives, which only the same or a newer version of Redis reads. */
export interface DumpedKey {
  readonly key: Buffer;
  readonly expiresAt: number | null;
  readonly dump: Buffer;
}

const bytesList: Schema = { type: 'array', items: 'bytes' };

const STREAM: Schema = {
  type: 'record',
  name: 'Stream',
  fields: [
    { name: 'lastId', type: 'bytes' },
    {
      name: 'entries',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'Entry',
          fields: [
            { name: 'id', type: 'bytes' },
            { name: 'fields', type: bytesList },
          ],
        },
      },
    },
    {
      name: 'groups',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'Group',
          fields: [
            { name: 'name', type: 'bytes' },
            { name: 'lastDelivered', type: 'bytes' },
            { name: 'consumers', type: bytesList },
            {
              name: 'pending',
              type: {
                type: 'array',
                items: {
                  type: 'record',
                  name: 'Pending',
                  fields: [
                    { name: 'id', type: 'bytes' },
                    { name: 'consumer', type: 'bytes' },
                    { name: 'deliveredAt', type: 'long' },
                    { name: 'deliveries', type: 'long' },
                  ],
                },
              },
            },
          ],
        },
      },
    },
  ],
};

/** Written are keys by what they hold; read are dumps as well. */
export const KEYS: Kind<StoredKey | DumpedKey> = {
  type: avro.Type.forSchema({
    type: 'record',
    name: 'Key',
    namespace: 'io.qrsaas.backup',
    fields: [
      { name: 'key', type: 'bytes' },
      { name: 'expiresAt', type: ['null', 'long'] },
      { name: 'type', type: 'string' },
      { name: 'values', type: bytesList },
      { name: 'stream', type: ['null', STREAM] },
    ],
  }),
  size: (stored) =>
    'dump' in stored
      ? stored.dump.length
      : 32 +
        stored.key.length +
        bytesIn(stored.values) +
        (stored.stream?.entries ?? []).reduce((sum, { fields }) => sum + 24 + bytesIn(fields), 0),
};

const bytesIn = (values: readonly Buffer[]): number => values.reduce((sum, value) => sum + 2 + value.length, 0);
