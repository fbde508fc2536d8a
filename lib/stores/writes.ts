/**
 * What an effect may write to Redis. The list is closed because the script that applies writes must know beforehand that
 * each of them will succeed: Redis does not roll back a script that fails half-way (Redis, "Scripting with Lua").
 */

/** The Redis data type a command works on; `any` where it takes every type. */
type DataType = 'hash' | 'string' | 'list' | 'set' | 'zset' | 'any';

/**
 * What an argument must be: `text` is anything, a word in capitals is itself.
 * - `integer`: up to 2^53, as Lua counts; as seconds, that is no more than Redis takes
 * - `lifetime`: seconds, at least one
 * - `score`: a number, not infinite
 * - `bound`: a score, `(` before it where it is excluded, `-inf` or `+inf`
 */
type Argument = 'text' | 'integer' | 'lifetime' | 'score' | 'bound' | 'EX';

interface CommandRule {
  readonly type: DataType;
  /** Arguments after the key. */
  readonly takes: readonly Argument[];
  /** Whether they may be repeated, and then spread over several calls. */
  readonly repeats?: true;
  /** Arguments that may follow. */
  readonly may?: readonly Argument[];
  /** Type of the key afterwards where it is not `type`. */
  readonly leaves?: 'string' | 'none';
}

/** The commands an effect may use, and what must hold for each of them to succeed. */
export const COMMANDS = {
  DEL: { type: 'any', takes: [], leaves: 'none' },
  EXPIRE: { type: 'any', takes: ['integer'] },
  EXPIREAT: { type: 'any', takes: ['integer'] },
  SET: { type: 'any', takes: ['text'], may: ['EX', 'lifetime'], leaves: 'string' },
  INCR: { type: 'string', takes: [] },
  INCRBY: { type: 'string', takes: ['integer'] },
  HSET: { type: 'hash', takes: ['text', 'text'], repeats: true },
  HSETNX: { type: 'hash', takes: ['text', 'text'] },
  HDEL: { type: 'hash', takes: ['text'], repeats: true },
  HINCRBY: { type: 'hash', takes: ['text', 'integer'] },
  LPUSH: { type: 'list', takes: ['text'], repeats: true },
  RPUSH: { type: 'list', takes: ['text'], repeats: true },
  LTRIM: { type: 'list', takes: ['integer', 'integer'] },
  SADD: { type: 'set', takes: ['text'], repeats: true },
  SREM: { type: 'set', takes: ['text'], repeats: true },
  /** One of {@link ZADD_OPTIONS} may lead. */
  ZADD: { type: 'zset', takes: ['score', 'text'], repeats: true },
  ZREM: { type: 'zset', takes: ['text'], repeats: true },
  ZINCRBY: { type: 'zset', takes: ['score', 'text'] },
  ZREMRANGEBYRANK: { type: 'zset', takes: ['integer', 'integer'] },
  ZREMRANGEBYSCORE: { type: 'zset', takes: ['bound', 'bound'] },
} as const satisfies Record<string, CommandRule>;

/** What ZADD may be told before its scores; Redis refuses some of them together, so it is one. */
export const ZADD_OPTIONS = ['NX', 'XX', 'GT', 'LT'] as const;

export type CommandName = keyof typeof COMMANDS;

/** A Redis command on one key, with its arguments: of any number, where the command takes any number. */
export type RedisCommand = readonly [name: CommandName, key: string, ...args: (string | number)[]];

/** Names, each followed by its amount. */
export type Amounts = readonly (string | number)[];

/** A key of counters, and when it expires, seconds since 1970, once it is there. */
export interface Target {
  readonly key: string;
  readonly expiresAt: number;
}

/** Adds the same to fields of several hashes. */
interface Count {
  readonly kind: 'count';
  readonly targets: readonly Target[];
  readonly amounts: Amounts;
}

/** The same for names that strangers choose: a hash has room for so many, what comes later is added to `<dimension>:other`. */
interface CountBounded {
  readonly kind: 'count-bounded';
  readonly targets: readonly Target[];
  readonly limit: number;
  readonly dimension: string;
  readonly amounts: Amounts;
}

/** Adds members to several HyperLogLogs. */
interface CountDistinct {
  readonly kind: 'count-distinct';
  readonly targets: readonly Target[];
  readonly members: readonly string[];
}

/** Writes of our own beside Redis's commands, for counters: one call a key, whatever is added to it. */
export type CountingWrite = Count | CountBounded | CountDistinct;

export type Write = RedisCommand | CountingWrite;

export const isCounting = (write: Write): write is CountingWrite => 'kind' in write;

export const count = (targets: readonly Target[], amounts: Amounts): CountingWrite => ({
  kind: 'count',
  targets,
  amounts,
});

/** On keys that get their expiry by {@link count} or here, with their first field. */
export const countBounded = (
  targets: readonly Target[],
  limit: number,
  dimension: string,
  amounts: Amounts,
): CountingWrite => ({ kind: 'count-bounded', targets, limit, dimension, amounts });

export const countDistinct = (targets: readonly Target[], members: ReadonlySet<string>): CountingWrite => ({
  kind: 'count-distinct',
  targets,
  members: [...members],
});

/** Lua's `unpack` takes some 8,000 values (LUAI_MAXCSTACK): commands with more arguments are sent as several. */
const MOST_ARGUMENTS = 2_000;

/** A command as several of at most {@link MOST_ARGUMENTS} arguments each; most are one. */
const inParts = (command: RedisCommand): readonly RedisCommand[] => {
  const [name, key, ...args] = command;
  const rule: CommandRule = COMMANDS[name];
  if (rule.repeats === undefined || args.length <= MOST_ARGUMENTS) return [command];
  const leading = name === 'ZADD' && ZADD_OPTIONS.some((option) => option === args[0]) ? 1 : 0;
  const options = args.slice(0, leading);
  const parts: RedisCommand[] = [];
  for (let from = leading; from < args.length; from += MOST_ARGUMENTS) {
    parts.push([name, key, ...options, ...args.slice(from, from + MOST_ARGUMENTS)]);
  }
  return parts;
};

/** The keys that writes touch, each once. */
export const keysOf = (writes: readonly Write[]): readonly string[] => [
  ...new Set(writes.flatMap((write) => (isCounting(write) ? write.targets.map(({ key }) => key) : [write[1]]))),
];

/**
 * Writes as the script takes them, flat: the kind, how many arguments follow, then those. Nothing is wrapped in JSON, so
 * that whatever text or number an argument is comes out as it went in.
 */
export const encodeWrites = (writes: readonly Write[]): (string | number)[] => writes.flatMap(encoded);

const encoded = (write: Write): (string | number)[] => {
  if (!isCounting(write)) {
    return inParts(write).flatMap((part) => ['command', part.length, ...part]);
  }
  const targets = write.targets.flatMap(({ key, expiresAt }) => [key, expiresAt]);
  const rest =
    write.kind === 'count'
      ? write.amounts
      : write.kind === 'count-bounded'
        ? [write.limit, write.dimension, ...write.amounts]
        : write.members;
  const args = [write.targets.length, ...targets, ...rest];
  return [write.kind, args.length, ...args];
};
