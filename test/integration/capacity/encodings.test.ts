import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import {
  hashBytes,
  keyBytes,
  listBytes,
  numberSetBytes,
  setBytes,
  sortedSetBytes,
  stringBytes,
  visitorsBytes,
} from '../../../lib/operations/capacity/cache/encodings.ts';
import { openRedis, type Redis } from '../../../lib/stores/redis.ts';
import { testStack } from '../../support/stack.ts';

const redis = openRedis(testStack().settings);
afterAll(() => redis.disconnect());

/** Percent that a formula may be off, on the Redis 6.2 of the tests: it is written for Redis 7, whose short lists differ by bytes. */
const TOLERANCE = 15;

const texts = (count: number, length: number): string[] =>
  Array.from({ length: count }, (_, i) => i.toString(36).padStart(length, 'x'));
/** As hashes of event ids are: all 64 bits. */
const numbers = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => String(1_000_000_000_000_000_000n + BigInt(i) * 7_919_000_000_000n));

/** What is written, and what the formula says of it, its key aside. */
const CASES: readonly [name: string, bytes: number, write: (redis: Redis, key: string) => Promise<unknown>][] = [
  ['a short string', stringBytes(10), (r, key) => r.set(key, 'x'.repeat(10))],
  ['a long string', stringBytes(2_000), (r, key) => r.set(key, 'x'.repeat(2_000))],
  [
    'a small hash of counters',
    hashBytes([{ count: 12, name: 10, value: { number: 300 } }]),
    (r, key) => r.hset(key, ...texts(12, 10).flatMap((name) => [name, '300'])),
  ],
  [
    'a hash with a long value',
    hashBytes([{ count: 20, name: 12, value: 200 }]),
    (r, key) => r.hset(key, ...texts(20, 12).flatMap((name) => [name, 'v'.repeat(200)])),
  ],
  [
    'a large hash of counters',
    hashBytes([{ count: 3_000, name: 20, value: { number: 12_345 } }]),
    (r, key) => r.hset(key, ...texts(3_000, 20).flatMap((name) => [name, '12345'])),
  ],
  ['a small set of numbers', numberSetBytes(100), (r, key) => r.sadd(key, ...numbers(100))],
  ['a large set of numbers', numberSetBytes(4_096), (r, key) => r.sadd(key, ...numbers(4_096))],
  ['a set of texts', setBytes(1_000, 30), (r, key) => r.sadd(key, ...texts(1_000, 30))],
  [
    'a small sorted set',
    sortedSetBytes(100, 20, 1.7e12),
    (r, key) => r.zadd(key, ...texts(100, 20).flatMap((member, i) => [String(1_700_000_000_000 + i), member])),
  ],
  [
    'a sorted set of long members',
    sortedSetBytes(20, 120, 1.7e12),
    (r, key) => r.zadd(key, ...texts(20, 120).flatMap((member, i) => [String(1_700_000_000_000 + i), member])),
  ],
  ['a list', listBytes(200, 150), (r, key) => r.rpush(key, ...texts(200, 150))],
  ['visitors: one', visitorsBytes(1), (r, key) => r.pfadd(key, 'a')],
  ['visitors: thousands', visitorsBytes(20_000), (r, key) => r.pfadd(key, ...texts(20_000, 12))],
];

describe('what a key takes', () => {
  it.each(CASES)('is what Redis says: %s', async (_, bytes, write) => {
    const key = `test:encodings:${randomUUID()}`;
    await write(redis, key);
    const predicted = keyBytes(key.length, false) + bytes;
    const found = Number(await redis.memory('USAGE', key, 'SAMPLES', 0));
    await redis.del(key);
    const differencePercent = Math.round(100 * (predicted / found - 1));
    expect(Math.abs(differencePercent), `predicted ${Math.round(predicted)}, found ${found}`).toBeLessThanOrEqual(
      TOLERANCE,
    );
  });
});
