import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { topic } from '../../../lib/catalog/index.ts';
import { StreamError } from '../../../lib/errors.ts';
import { applyOnce, type Entry, statusesOf } from '../../../lib/idempotency/index.ts';
import { hashTag } from '../../../lib/stores/hash-tag.ts';
import { openRedis } from '../../../lib/stores/redis.ts';
import {
  COMMANDS,
  type CommandName,
  count,
  countBounded,
  countDistinct,
  isCounting,
  type RedisCommand,
  type Write,
} from '../../../lib/stores/writes.ts';
import { testStack } from '../../support/stack.ts';

/**
 * Redis does not roll back a script that fails half-way, so the script must refuse beforehand what Redis would refuse: here with
 * whatever lies at the keys, and whatever is written, side by side with Redis itself.
 */

const redis = openRedis(testStack().settings);
afterAll(() => redis.disconnect());

const CONSUMED = topic('user-lifecycle');

const sparse = Buffer.from('HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x7f\xff', 'latin1');
/** The cardinality it was asked for last is valid, so that Redis need not look at the rest: which ends too early. */
const damaged = Buffer.from('HYLL\x01\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x41', 'latin1');
/** Dense, and shorter than a dense one is. */
const short = Buffer.from('HYLL\x00\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x41\x41', 'latin1');

/** Texts that look like numbers to some. */
const NUMBERS = [
  ...[
    '0',
    '1',
    '-1',
    '7',
    '007',
    '-0',
    '08',
    '+1',
    '1.0',
    '1.5',
    ' 5',
    '5 ',
    '0x10',
    '1e3',
    '1e999',
    '1e-400',
    '-1e-999',
  ],
  ...['nan', 'NaN', 'inf', '-inf', '+inf', '(5', '((5', '(', '', '-', '.', '1e', 'x', '٣', '5\0', '+5', '.5', '5.'],
  ...['9007199254740991', '9007199254740992', '9223372036854775807', '-9223372036854775808', '9223372036854775808'],
  ...['9223372036854775', '9223372036854776', '-9223372036854776', '99999999999999999999'],
];
const OTHERS = ['EX', 'NX', 'XX', 'GT', 'CH', 'INCR', 'f', 'm', 'WITHSCORES', 'HYLL'];

const argument = fc.constantFrom(...NUMBERS, ...OTHERS);
const number = fc.constantFrom(...NUMBERS);

/** The command that makes what lies at a key before, without the key; empty for nothing. */
type Content = readonly (string | Buffer)[];

const content: fc.Arbitrary<Content> = fc.oneof(
  fc.constant([]),
  number.map((n) => ['SET', n]),
  fc.constantFrom(sparse, damaged, short, Buffer.from('HYLL'), Buffer.from('junk')).map((bytes) => ['SET', bytes]),
  fc.tuple(argument, number).map(([field, n]) => ['HSET', field, n]),
  fc.constantFrom('1', '-inf', 'inf', '1e308').map((score) => ['ZADD', score, 'm']),
  fc.constant(['RPUSH', 'a', 'b']),
  fc.constant(['SADD', 'm']),
);

const names = Object.keys(COMMANDS).filter((name): name is CommandName => name in COMMANDS);

/** Arguments of a command as it takes them, and now and then as it does not. */
const argumentsOf = (name: CommandName): fc.Arbitrary<readonly string[]> => {
  const rule: { takes: readonly string[]; may?: readonly string[] } = COMMANDS[name];
  const of = (takes: readonly string[]) =>
    fc.tuple(...takes.map((what) => (what === 'text' ? argument : what === 'EX' ? fc.constant('EX') : number)));
  return fc.oneof(
    { weight: 4, arbitrary: of(rule.takes) },
    { weight: 1, arbitrary: of([...rule.takes, ...(rule.may ?? rule.takes)]) },
    { weight: 1, arbitrary: fc.array(argument, { maxLength: 5 }) },
  );
};

const KEYS = ['a', 'b'] as const;
const keyName = fc.constantFrom(...KEYS);

const command: fc.Arbitrary<Write> = fc
  .tuple(fc.constantFrom(...names), keyName)
  .chain(([name, key]) => argumentsOf(name).map((args): RedisCommand => [name, key, ...args]));

const target = fc.tuple(keyName, fc.constantFrom(4_000_000_000, 4_000_000_000, 1, Number.MAX_SAFE_INTEGER));
const counting: fc.Arbitrary<Write> = fc
  .tuple(fc.constantFrom('count', 'bounded', 'distinct'), target, fc.array(argument, { maxLength: 4 }))
  .map(([kind, [key, expiresAt], args]): Write => {
    const targets = [{ key, expiresAt }];
    if (kind === 'count') return count(targets, args);
    return kind === 'bounded' ? countBounded(targets, 2, 'd', args) : countDistinct(targets, new Set(args));
  });

/** A write to keys of this owner. */
const placed = (write: Write, keyOf: (name: string) => string): Write => {
  if (isCounting(write)) {
    return { ...write, targets: write.targets.map(({ key, expiresAt }) => ({ key: keyOf(key), expiresAt })) };
  }
  const [name, key, ...args] = write;
  return [name, keyOf(key), ...args];
};

const newKeys = (tag: string) => (name: string) => `test:refused:${name}:${tag}`;

const filled = async (contents: readonly Content[]) => {
  const tag = hashTag(randomUUID());
  const keyOf = newKeys(tag);
  for (const [i, content] of contents.entries()) {
    const [name, ...args] = content;
    if (name !== undefined) await redis.call(String(name), keyOf(KEYS[i] ?? ''), ...args);
  }
  const dumps = () => Promise.all(KEYS.map(async (name) => (await redis.dumpBuffer(keyOf(name)))?.toString('latin1')));
  return { tag, keyOf, dumps };
};

const entryOf = (tag: string): Entry => ({
  identity: { topic: CONSUMED.name, partition: 0, offset: 1, timestamp: 1, tag, duplicateId: '1', origin: undefined },
  log: { births: [], start: 0, first: 0 },
});

const applied = async (tag: string, entry: Entry, writes: readonly Write[]): Promise<boolean> => {
  try {
    await applyOnce(redis, CONSUMED, tag, [entry], writes);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(StreamError);
    expect(error).toMatchObject({ code: 'STORE_REFUSED' });
    return false;
  }
};

const directly = async (command: RedisCommand): Promise<void> => {
  const [name, ...args] = command;
  await redis.call(name, ...args);
};

const check = async (contents: readonly Content[], made: readonly Write[]): Promise<void> => {
  const { tag, keyOf, dumps } = await filled(contents);
  const before = await dumps();
  const entry = entryOf(tag);
  const writes = made.map((write) => placed(write, keyOf));
  const isDone = await applied(tag, entry, writes);
  expect((await statusesOf(redis, CONSUMED, [entry]))[0]?.status).toBe(isDone ? 'applied' : 'open');
  if (!isDone) {
    expect(await dumps()).toEqual(before);
    return;
  }
  if (writes.some(isCounting)) return;
  // What was done is what Redis does of the same commands.
  const after = await dumps();
  const other = await filled(contents);
  for (const write of made.map((one) => placed(one, other.keyOf))) if (!isCounting(write)) await directly(write);
  expect(await other.dumps()).toEqual(after);
};

const visitors = countDistinct([{ key: 'a', expiresAt: 4_000_000_000 }], new Set(['m']));

type Refused = readonly [what: string, before: Content, writes: readonly Write[]];

describe('writes of an effect', () => {
  it('are all done, as Redis does them, or are refused and none is', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(content, content),
        fc.array(fc.oneof({ weight: 3, arbitrary: command }, { weight: 2, arbitrary: counting }), {
          minLength: 1,
          maxLength: 4,
        }),
        check,
      ),
      { numRuns: 1_500 },
    );
  });

  it.each([
    [
      'a field that was made a text just before',
      [],
      [
        ['HSET', 'a', 'f', 'x'],
        ['HINCRBY', 'a', 'f', 1],
      ],
    ],
    [
      'a string that was made a text just before',
      [],
      [
        ['SET', 'a', 'x'],
        ['INCR', 'a'],
      ],
    ],
    ['a hash where visitors were just counted', [], [visitors, ['HSET', 'a', 'f', 'x']]],
    ['a number where visitors were just counted', [], [visitors, ['INCR', 'a']]],
    ['leading zeros', ['HSET', 'f', '007'], [['HINCRBY', 'a', 'f', 1]]],
    ['a negative zero', ['HSET', 'f', '-0'], [['HINCRBY', 'a', 'f', 1]]],
    ['a HyperLogLog that ends too early', ['SET', damaged], [visitors]],
    ['a HyperLogLog that is none', ['SET', Buffer.from('HYLL')], [visitors]],
    ['a dense HyperLogLog that is too short', ['SET', short], [visitors]],
    ['an expiry beyond all time', ['SET', 'x'], [['EXPIRE', 'a', '9223372036854775807']]],
    ['a lifetime of nothing', [], [['SET', 'a', 'x', 'EX', 0]]],
    ['a score that is no number', [], [['ZADD', 'a', 'nan', 'm']]],
    ['a score too small to be told from 0', [], [['ZADD', 'a', '1e-400', 'm']]],
    ['a rank that is no number', ['RPUSH', 'x'], [['LTRIM', 'a', 'x', 'y']]],
    ['a value that is missing', [], [['HSETNX', 'a', 'f']]],
  ] satisfies readonly Refused[])(
    'are refused for %s, and nothing is left of those beside them',
    async (_, before, writes) => {
      const { tag, keyOf, dumps } = await filled([before, []]);
      const found = await dumps();
      const beside = count([{ key: keyOf('b'), expiresAt: 4_000_000_000 }], ['beside', 1]);
      const made = writes.map((write) => placed(write, keyOf));
      expect(await applied(tag, entryOf(tag), [...made, beside])).toBe(false);
      expect(await dumps()).toEqual(found);
    },
  );
});
