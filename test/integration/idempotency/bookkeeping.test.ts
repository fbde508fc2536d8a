import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { topic } from '../../../lib/catalog/index.ts';
import {
  applyOnce,
  claimDeadLetter,
  type Entry,
  keepApplied,
  markDeadLettered,
  noteDelivery,
  statusesOf,
} from '../../../lib/idempotency/index.ts';
import { hashTag } from '../../../lib/stores/hash-tag.ts';
import { openRedis } from '../../../lib/stores/redis.ts';
import { count, countBounded, countDistinct, type Write } from '../../../lib/stores/writes.ts';
import { newPartition } from '../../support/bookkeeping.ts';
import { testStack } from '../../support/stack.ts';

const redis = openRedis(testStack().settings);
afterAll(() => redis.disconnect());

const LARGEST_BATCH = 4;
const CONSUMED = { ...topic('analytics-events'), mapping: { batchSize: LARGEST_BATCH } };
const GROUP = CONSUMED.consumerGroup;

/** An owner with a partition of its own. */
const newOwner = () => {
  const tag = hashTag(randomUUID());
  const entry = (offset: number, { first = 0, start = 0, id = '', name = '', origin = -1 } = {}): Entry => ({
    identity: {
      ...{ topic: CONSUMED.name, partition: 3, offset, timestamp: 1_500, tag, duplicateId: id },
      origin: origin < 0 ? undefined : { partition: 3, offset: origin, life: 0 },
    },
    log: { births: [], start, first },
    ...(name === '' ? {} : { name }),
  });
  const counter = `test:counter:${tag}`;
  return {
    tag,
    entry,
    counter,
    apply: (one: Entry, writes: readonly Write[] = [['HINCRBY', counter, 'n', 1]]) =>
      applyOnce(redis, CONSUMED, tag, [one], writes),
    counted: async () => Number((await redis.hget(counter, 'n')) ?? 0),
    status: async (one: Entry) => (await statusesOf(redis, CONSUMED, [one]))[0]?.status,
    bytes: async () => (await redis.hget(`seen:${tag}:${GROUP}`, '3'))?.length ?? 0,
  };
};

describe('an owner’s bookkeeping', () => {
  it('applies a record once, in whatever order the records of a partition come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(1_000_000_000_000), { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.boolean()),
        async (offsets, again) => {
          const owner = newOwner();
          for (const offset of offsets) {
            await owner.apply(owner.entry(offset));
            if (again.next().value) await owner.apply(owner.entry(offset));
          }
          for (const offset of offsets) expect(await owner.status(owner.entry(offset))).toBe('applied');
          expect(await owner.counted()).toBe(offsets.length);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('closes holes where nothing can be delivered any more, so that it stays small', async () => {
    const owner = newOwner();
    for (let offset = 0; offset < 3_000; offset += 3) {
      await owner.apply(owner.entry(offset, { first: offset }));
    }
    expect(await owner.bytes()).toBeLessThan(16);
    expect(await owner.counted()).toBe(1_000);
    expect(await owner.status(owner.entry(300))).toBe('applied');
  });

  it('leaves a hole open that a bisected batch may still fill, though its second half ran first', async () => {
    const owner = newOwner();
    await owner.apply(owner.entry(90, { first: 90 }));
    // The batch is 100 to 103; its second half comes first, and whoever had forgotten the batch would call that the first.
    for (const offset of [102, 103]) await owner.apply(owner.entry(offset, { first: 102 }));
    for (const offset of [100, 101]) await owner.apply(owner.entry(offset, { first: 100 }));
    expect(await owner.counted()).toBe(5);
  });

  it('leaves a hole open below the first offset of the delivery only: gaps in the log make distances meaningless', async () => {
    const owner = newOwner();
    await owner.apply(owner.entry(10, { first: 10 }));
    // One batch holds 11, 5,000 and 5,010: what lay between them was compacted away.
    for (const offset of [5_000, 5_010]) await owner.apply(owner.entry(offset, { first: 11 }));
    await owner.apply(owner.entry(11, { first: 11 }));
    expect(await owner.counted()).toBe(4);
  });

  it('leaves a hole open that the group has skipped', async () => {
    const owner = newOwner();
    await owner.apply(owner.entry(10, { first: 10 }));
    // The group was set forward to 1,000, and later back.
    for (const offset of [1_000, 2_000]) await owner.apply(owner.entry(offset, { first: offset, start: 1_000 }));
    await owner.apply(owner.entry(500, { first: 500, start: 1_000 }));
    expect(await owner.counted()).toBe(4);
  });

  it('keeps partitions apart, and the lives of a log', async () => {
    const owner = newOwner();
    const [first] = [owner.entry(7)];
    if (first === undefined) throw new Error('an entry');
    const other: Entry = { ...first, identity: { ...first.identity, partition: 4 } };
    const anew: Entry = { ...first, log: { ...first.log, births: [1_000] } };
    for (const one of [first, other, anew, first]) await owner.apply(one);
    expect(await owner.counted()).toBe(3);
  });

  it('drops what a publisher sent twice, and settles its place as well', async () => {
    const owner = newOwner();
    await owner.apply(owner.entry(1, { id: '12345' }));
    expect(await owner.apply(owner.entry(2, { id: '12345' }))).toEqual(new Set([0]));
    expect(await owner.counted()).toBe(1);
    // Long afterwards, when the event id is forgotten.
    for (const key of await redis.keys(`ids:${owner.tag}:*`)) await redis.del(key);
    await owner.apply(owner.entry(2, { id: '12345' }));
    expect(await owner.counted()).toBe(1);
  });

  it('remembers an event id for an hour after the last one beside it', async () => {
    const owner = newOwner();
    await owner.apply(owner.entry(1, { id: '1' }));
    const [key = ''] = await redis.keys(`ids:${owner.tag}:*`);
    expect(await redis.object('ENCODING', key)).toBe('intset');
    expect(await redis.ttl(key)).toBeGreaterThan(3_590);
    expect(await redis.ttl(key)).toBeLessThanOrEqual(3_600);
  });

  it('outlives its records: it is kept for more than twice the retention after its last use', async () => {
    const owner = newOwner();
    await owner.apply(owner.entry(1));
    expect(await redis.ttl(`seen:${owner.tag}:${GROUP}`)).toBeGreaterThan((2 * CONSUMED.retentionMs) / 1_000);
  });
});

describe('a dead-lettered record', () => {
  it('is settled, and takes effect when it is redriven, once', async () => {
    const owner = newOwner();
    await markDeadLettered(redis, CONSUMED, owner.entry(1));
    expect(await owner.status(owner.entry(1))).toBe('dead');
    await owner.apply(owner.entry(1));
    expect(await owner.counted()).toBe(0);
    for (const offset of [50, 50, 51]) await owner.apply(owner.entry(offset, { origin: 1 }));
    expect(await owner.counted()).toBe(1);
    expect(await owner.status(owner.entry(1))).toBe('applied');
  });

  it('takes effect when it is redriven although its hole was closed', async () => {
    const owner = newOwner();
    await markDeadLettered(redis, CONSUMED, owner.entry(1));
    for (let offset = 2; offset < 60; offset += 2) await owner.apply(owner.entry(offset, { first: offset }));
    const before = await owner.counted();
    await owner.apply(owner.entry(100, { first: 100, origin: 1 }));
    expect(await owner.counted()).toBe(before + 1);
  });

  it('that Lambda gave up is one that had taken effect, or one that takes effect when it is redriven', async () => {
    const owner = newOwner();
    await owner.apply(owner.entry(1, { id: '7' }));
    const now = Date.now();
    expect(await claimDeadLetter(redis, CONSUMED, owner.entry(1, { id: '7' }), now)).toBe('applied');
    expect(await claimDeadLetter(redis, CONSUMED, owner.entry(2, { id: '8' }), now)).toBe('open');
    expect(await claimDeadLetter(redis, CONSUMED, owner.entry(2, { id: '8' }), now)).toBe('dead');
    await owner.apply(owner.entry(9, { id: '7', origin: 1 }));
    await owner.apply(owner.entry(10, { id: '8', origin: 2 }));
    expect(await owner.counted()).toBe(2);
  });

  it('in a closed hole is told apart by its event id for an hour, and by nothing afterwards: then a person decides', async () => {
    const owner = newOwner();
    for (let offset = 0; offset < 60; offset += 2) {
      await owner.apply(owner.entry(offset, { first: offset, id: String(offset) }));
    }
    const now = Date.now();
    expect(await claimDeadLetter(redis, CONSUMED, owner.entry(10, { id: '10' }), now)).toBe('applied');
    expect(await claimDeadLetter(redis, CONSUMED, owner.entry(11, { id: '11' }), now)).toBe('open');
    expect(await claimDeadLetter(redis, CONSUMED, owner.entry(13, { id: '13' }), now - 7_200_000)).toBe('unknown');
  });

  it('does not take effect again at another owner where it had, however late it is redriven', async () => {
    const owner = newOwner();
    const here = owner.entry(1, { name: 'scans' });
    await owner.apply(here);
    await keepApplied(redis, CONSUMED, owner.tag, here);
    for (let offset = 2; offset < 60; offset += 2) {
      await owner.apply(owner.entry(offset, { first: offset, name: 'scans' }));
    }
    const before = await owner.counted();
    await owner.apply(owner.entry(100, { first: 100, origin: 1, name: 'scans' }));
    await owner.apply(owner.entry(101, { first: 100, origin: 3, name: 'scans' }));
    expect(await owner.counted()).toBe(before + 1);
  });

  it('does not take effect again at another owner when its publisher sends it once more', async () => {
    const owner = newOwner();
    const here = owner.entry(1, { name: 'scans', id: '77' });
    await owner.apply(here);
    await keepApplied(redis, CONSUMED, owner.tag, here);
    await owner.apply(owner.entry(2, { name: 'scans', id: '77' }));
    expect(await owner.counted()).toBe(1);
    // Another write of the same event is another one.
    await owner.apply(owner.entry(2, { name: 'users', id: '77' }));
    expect(await owner.counted()).toBe(2);
  });

  it('is one from the first step on: while the first one is handled, and still after that one failed', async () => {
    const owner = newOwner();
    const [first, second] = [owner.entry(1, { id: '5' }), owner.entry(2, { id: '5' })];
    expect([await owner.status(first), await owner.status(second)]).toEqual(['open', 'reserved']);
    expect([await owner.status(first), await owner.status(second)]).toEqual(['open', 'reserved']);
    await owner.apply(first);
    expect([await owner.status(first), await owner.status(second)]).toEqual(['applied', 'repeat']);
  });

  it('takes effect itself once the first one was dead-lettered, given up, or passed by', async () => {
    const owner = newOwner();
    const [first, second] = [owner.entry(1, { id: '5' }), owner.entry(2, { id: '5' })];
    await owner.status(first);
    await markDeadLettered(redis, CONSUMED, first);
    expect([await owner.status(first), await owner.status(second)]).toEqual(['dead', 'open']);
    const [third, fourth] = [owner.entry(3, { id: '6' }), owner.entry(4, { id: '6' })];
    await owner.status(third);
    expect(await claimDeadLetter(redis, CONSUMED, third, Date.now())).toBe('open');
    expect(await owner.status(fourth)).toBe('open');
    const [fifth, sixth] = [owner.entry(5, { id: '7' }), owner.entry(9, { id: '7', first: 8 })];
    await owner.status(fifth);
    expect(await owner.status(sixth)).toBe('open');
    await owner.apply(sixth);
    expect(await owner.status(fifth)).toBe('repeat');
  });

  it('stands for the first one at other owners when that was passed by in a gap: what it wrote there counts', async () => {
    const [owner, other] = [newOwner(), newOwner()];
    const first = owner.entry(1, { id: '5' });
    await owner.status(first);
    await other.apply(owner.entry(1, { id: '5', name: 'scans' }));
    // The cache loses what came then, and the group has gone on.
    const second = owner.entry(9, { id: '5', first: 8, start: 8 });
    const [found] = await statusesOf(redis, CONSUMED, [second]);
    expect(found).toEqual({ status: 'open', version: '0', standsFor: 1 });
    expect(await statusesOf(redis, CONSUMED, [second])).toEqual([found]);
    const identity = { ...second.identity, offsetElsewhere: 1 };
    await other.apply({ ...second, identity, name: 'scans' });
    expect(await other.counted()).toBe(1);
  });

  it('takes effect when it is published again after its topic was made anew, although the first had begun', async () => {
    const owner = newOwner();
    const ofLife = (life: number, offset: number): Entry => {
      const { identity, log } = owner.entry(offset, { id: '5' });
      const births = [1_000, 2_000, 3_000].slice(0, life);
      return { identity: { ...identity, timestamp: life * 1_000 + 500 }, log: { ...log, births } };
    };
    // At the same offset, at an earlier and at a later one.
    for (const again of [ofLife(0, 7), ofLife(1, 7), ofLife(2, 0), ofLife(3, 40)]) {
      expect(await owner.status(again)).toBe('open');
    }
    // Of the same life it is still to come.
    expect(await owner.status(ofLife(3, 41))).toBe('reserved');
    await owner.apply(ofLife(3, 40));
    expect(await owner.status(ofLife(3, 41))).toBe('repeat');
    expect(await owner.counted()).toBe(1);
  });

  it('stands for no other of its event in the same call; of two that are open the first counts', async () => {
    const owner = newOwner();
    const at = (partition: number): Entry => {
      const { identity, log } = owner.entry(1, { id: '5' });
      return { identity: { ...identity, partition }, log };
    };
    const [dead, first, second] = [at(1), at(2), at(3)];
    await markDeadLettered(redis, CONSUMED, dead);
    const apply = (entries: readonly Entry[]) =>
      applyOnce(redis, CONSUMED, owner.tag, entries, [['HINCRBY', owner.counter, 'n', 1]]);
    expect(await apply([dead, first, second])).toEqual(new Set([0, 2]));
    expect(await apply([first])).toEqual(new Set());
    expect(await owner.counted()).toBe(1);
    expect((await statusesOf(redis, CONSUMED, [dead, first, second])).map(({ status }) => status)).toEqual([
      'dead',
      'applied',
      'applied',
    ]);
  });

  it('keeps its effect when an old one of another life, at the same place of another partition, is put back', async () => {
    const owner = newOwner();
    // The topic was made again: this place is one of its second life, and its partition has no first.
    await owner.apply(owner.entry(4));
    const back = owner.entry(9);
    const origin = { partition: 3, offset: 4, life: 1 };
    await owner.apply({ ...back, identity: { ...back.identity, origin } });
    expect(await owner.counted()).toBe(2);
  });

  it('cannot be forged so that it settles a place that is still to come', async () => {
    const owner = newOwner();
    await owner.apply(owner.entry(5, { origin: 900 }));
    await owner.apply(owner.entry(900, { first: 900 }));
    expect(await owner.counted()).toBe(2);
  });
});

describe('several writes of one record to one owner', () => {
  it('are told apart by their names', async () => {
    const owner = newOwner();
    for (const name of ['first', 'second', 'second', 'first']) await owner.apply(owner.entry(1, { name }));
    expect(await owner.counted()).toBe(2);
  });
});

describe('a partition', () => {
  const delivery = (partition: number, first: number, last: number, timestamp: number) =>
    noteDelivery(redis, {
      topic: CONSUMED.name,
      ...{ partition, first, last, firstTimestamp: timestamp, newestTimestamp: timestamp },
    });

  it('that was made again has another life; a replay, and a delivery that repeats part of another, have not', async () => {
    const partition = newPartition();
    expect(await delivery(partition, 0, 9, 1_000)).toMatchObject({ births: [], before: -1, start: 0, first: 0 });
    expect(await delivery(partition, 10, 19, 2_000)).toMatchObject({ births: [], before: 9, start: 0, first: 10 });
    expect(await delivery(partition, 15, 25, 2_000)).toMatchObject({ births: [], before: 19, first: 10 });
    expect(await delivery(partition, 0, 9, 1_000)).toMatchObject({ births: [], before: 25, first: 0 });
    expect(await delivery(partition, 0, 3, 3_000)).toMatchObject({ births: [2_000], before: -1, first: 0 });
    expect(await delivery(partition, 4, 9, 3_001)).toMatchObject({ births: [2_000], before: 3, start: 0, first: 4 });
    expect(await delivery(partition, 100, 101, 3_002)).toMatchObject({
      births: [2_000],
      before: 9,
      start: 100,
      first: 100,
    });
  });
});

/** What lies at a key before, the write that Redis refuses because of it, and its words. */
const REFUSED: readonly (readonly [
  what: string,
  before: readonly [string, ...string[]],
  write: Write,
  words: string,
])[] = [
  ['a hash', ['SET', 'x'], ['HSET', 'KEY', 'f', 'v'], 'WRONGTYPE'],
  ['a number of a hash', ['SET', 'x'], ['HINCRBY', 'KEY', 'f', 1], 'WRONGTYPE'],
  ['a set', ['SET', 'x'], ['SADD', 'KEY', 'm'], 'WRONGTYPE'],
  ['a sorted set', ['SET', 'x'], ['ZADD', 'KEY', 1, 'm'], 'WRONGTYPE'],
  ['a list', ['SET', 'x'], ['RPUSH', 'KEY', 'm'], 'WRONGTYPE'],
  ['a number', ['SADD', 'x'], ['INCR', 'KEY'], 'WRONGTYPE'],
  ['a number that is none', ['SET', 'x'], ['INCR', 'KEY'], 'not an integer'],
  ['a number that is full', ['SET', '9223372036854775807'], ['INCR', 'KEY'], 'overflow'],
  ['a field that is no number', ['HSET', 'f', 'x'], ['HINCRBY', 'KEY', 'f', 1], 'not an integer'],
  ['a field that is full', ['HSET', 'f', '9223372036854775807'], ['HINCRBY', 'KEY', 'f', 1], 'overflow'],
  ['a score that is none', ['ZADD', '1', 'm'], ['ZADD', 'KEY', 'x', 'm'], 'not a valid float'],
  ['a field without a value', ['HSET', 'f', 'x'], ['HSET', 'KEY', 'f'], 'wrong number of arguments'],
  ['an empty list of members', ['SADD', 'x'], ['SADD', 'KEY'], 'wrong number of arguments'],
];

describe('a write that can never succeed', () => {
  const counting = (key: string): readonly (readonly [string, Write])[] => [
    ['count', count([{ key, expiresAt: 4_000_000_000 }], ['f', 1])],
    ['count-bounded', countBounded([{ key, expiresAt: 4_000_000_000 }], 2, 'd', ['f', 1])],
    ['count-distinct', countDistinct([{ key, expiresAt: 4_000_000_000 }], new Set(['m']))],
  ];

  const isRefused = async (
    prepare: (key: string) => Promise<unknown>,
    write: (key: string) => Write,
    words: string,
  ) => {
    const owner = newOwner();
    const key = `test:refused:${owner.tag}`;
    await prepare(key);
    const writes: readonly Write[] = [
      ['HINCRBY', owner.counter, 'n', 1],
      write(key),
      ['HSET', owner.counter, 'after', 1],
    ];
    const failure = owner.apply(owner.entry(1), writes);
    await expect(failure).rejects.toMatchObject({ code: 'STORE_REFUSED', failureClass: 'permanent' });
    await expect(failure).rejects.toThrow(words);
    // Nothing was written, nothing marked: once the key is mended the record takes effect.
    expect(await redis.hgetall(owner.counter)).toEqual({});
    expect(await owner.status(owner.entry(1))).toBe('open');
    await redis.del(key);
    if (words === 'WRONGTYPE') {
      await owner.apply(owner.entry(1), writes);
      expect(await owner.counted()).toBe(1);
    }
  };

  it.each(REFUSED)('for want of %s leaves nothing, and no mark', async (_, [name, ...args], write, words) => {
    await isRefused(
      (key) => redis.call(name, key, ...args),
      (key) => ('kind' in write ? write : [write[0], key, ...write.slice(2)]),
      words,
    );
  });

  it.each(counting('').map(([name], i) => [name, i] as const))('of kind %s is refused as well', async (_, i) => {
    await isRefused(
      (key) => redis.rpush(key, 'x'),
      (key) => counting(key)[i]?.[1] ?? count([], []),
      'WRONGTYPE',
    );
  });

  it('to a counter that is full, or none, is refused, also beside others', async () => {
    const at = (key: string) => count([{ key, expiresAt: 4_000_000_000 }], ['f', 1]);
    await isRefused((key) => redis.hset(key, 'f', '9007199254740991'), at, 'overflow');
    await isRefused((key) => redis.hset(key, 'f', 'x'), at, 'not an integer');
  });
});

describe('a write', () => {
  it('takes arguments of any number', async () => {
    const owner = newOwner();
    const fields = Array.from({ length: 9_000 }, (_, i) => [`f${i}`, `v${i}`]).flat();
    const members = Array.from({ length: 20_001 }, (_, i) => `m${i}`);
    const scores = members.flatMap((member, i) => [i, member]);
    await owner.apply(owner.entry(1), [
      ['HSET', owner.counter, ...fields],
      ['SADD', `${owner.counter}:set`, ...members],
      ['ZADD', `${owner.counter}:zset`, 'NX', ...scores],
      countDistinct([{ key: `${owner.counter}:hll`, expiresAt: 4_000_000_000 }], new Set(members)),
      count(
        [{ key: `${owner.counter}:sums`, expiresAt: 4_000_000_000 }],
        members.flatMap((member) => [member, 2]),
      ),
    ]);
    expect(await redis.hlen(owner.counter)).toBe(9_000);
    expect(await redis.hget(owner.counter, 'f8999')).toBe('v8999');
    expect(await redis.scard(`${owner.counter}:set`)).toBe(20_001);
    expect(await redis.zcard(`${owner.counter}:zset`)).toBe(20_001);
    expect(await redis.zscore(`${owner.counter}:zset`, 'm20000')).toBe('20000');
    expect(await redis.pfcount(`${owner.counter}:hll`)).toBeGreaterThan(19_000);
    expect(await redis.hlen(`${owner.counter}:sums`)).toBe(20_001);
  });

  it('keeps every text as it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), async (text) => {
        const owner = newOwner();
        await owner.apply(owner.entry(1), [['HSET', owner.counter, 'text', text]]);
        expect(await redis.hget(owner.counter, 'text')).toBe(text);
      }),
      { numRuns: 50, examples: [['"\\u0000\n{}[]'], ['\u{1f600}'], ['-nan'], ['1e999']] },
    );
  });

  it('adds up what several counting writes add to one field', async () => {
    const owner = newOwner();
    const targets = [{ key: owner.counter, expiresAt: 4_000_000_000 }];
    for (const offset of [1, 2]) {
      await owner.apply(owner.entry(offset), [
        count(targets, ['n', 2, 'n', 3]),
        count(targets, ['n', 4]),
        countBounded(targets, 1, 'd', ['a', 1, 'b', 2]),
        ['HSET', owner.counter, 'owner', 'u'],
      ]);
    }
    expect(await redis.hgetall(owner.counter)).toEqual({
      ...{ n: '18', '#d': '1', 'd:a': '2', 'd:other': '4', owner: 'u' },
    });
    expect(await redis.ttl(owner.counter)).toBeGreaterThan(1_000_000_000);
  });
});
