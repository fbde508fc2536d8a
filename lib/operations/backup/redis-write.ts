import { StreamError } from '../../errors.ts';
import type { Redis } from '../../stores/redis.ts';
import type { DumpedKey, StoredKey, StoredStream } from './stored-key.ts';

type Transaction = ReturnType<Redis['multi']>;

/** Values of one command; each takes a pair whole. */
const AT_ONCE = 1_000;

/** The command that adds values to a key of a type. Scores come before members, and are kept after them. */
const ADD: Readonly<Record<string, (key: Buffer, values: readonly Buffer[]) => readonly [string, ...Buffer[]]>> = {
  string: (key, values) => ['SET', key, ...values],
  hash: (key, values) => ['HSET', key, ...values],
  list: (key, values) => ['RPUSH', key, ...values],
  set: (key, values) => ['SADD', key, ...values],
  zset: (key, values) => ['ZADD', key, ...swapped(values)],
};

/** Whether a key of this type can be made. */
export const isWritable = (type: string): boolean => type === 'stream' || Object.hasOwn(ADD, type);

const swapped = (values: readonly Buffer[]): Buffer[] =>
  values.map((value, i) => values[i % 2 === 0 ? i + 1 : i - 1] ?? value);

/** Makes a key as it was, in one step; one that is there is replaced, one whose time has passed is not made. */
export const writeKey = async (redis: Redis, stored: StoredKey): Promise<void> => {
  const { key, expiresAt, type, values, stream } = stored;
  const transaction = redis.multi().call('UNLINK', key);
  if (stream !== null) addStream(transaction, key, stream);
  for (let from = 0; from < values.length; from += AT_ONCE) {
    const command = ADD[type]?.(key, values.slice(from, from + AT_ONCE));
    if (command !== undefined) transaction.call(...command);
  }
  if (expiresAt !== null) transaction.call('PEXPIREAT', key, expiresAt);
  for (const [failure] of (await transaction.exec()) ?? []) if (failure) throw failure;
};

const addStream = (transaction: Transaction, key: Buffer, { lastId, entries, groups }: StoredStream): void => {
  for (const { id, fields } of entries) transaction.call('XADD', key, id, ...fields);
  if (entries.length === 0) {
    // Nothing else makes a stream without an entry.
    transaction.call('XGROUP', 'CREATE', key, 'none', '$', 'MKSTREAM').call('XGROUP', 'DESTROY', key, 'none');
  }
  const isLast = entries.at(-1)?.id.equals(lastId) ?? lastId.toString() === '0-0';
  if (!isLast) transaction.call('XSETID', key, lastId);
  for (const { name, lastDelivered, consumers, pending } of groups) {
    transaction.call('XGROUP', 'CREATE', key, name, lastDelivered);
    for (const consumer of consumers) transaction.call('XGROUP', 'CREATECONSUMER', key, name, consumer);
    for (const { id, consumer, deliveredAt, deliveries } of pending) {
      const claim = ['TIME', deliveredAt, 'RETRYCOUNT', deliveries, 'FORCE', 'JUSTID'] as const;
      transaction.call('XCLAIM', key, name, consumer, 0, id, ...claim);
    }
  }
};

/** Puts back what DUMP gave, of a backup of the first days. */
export const writeDump = async (redis: Redis, { key, expiresAt, dump }: DumpedKey): Promise<void> => {
  try {
    await redis.call('RESTORE', key, expiresAt ?? 0, dump, 'REPLACE', ...(expiresAt === null ? [] : ['ABSTTL']));
  } catch (error) {
    if (!(error instanceof Error) || !/version or checksum/.test(error.message)) throw error;
    throw new StreamError(
      'REFUSED',
      'This Redis is older than the one the backup was made of, and cannot read its keys.',
      {
        next: 'Restore into the same or a newer version, or leave it out: --without redis',
        cause: error,
      },
    );
  }
};
