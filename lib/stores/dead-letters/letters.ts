import type { ObjectStore } from '../objects.ts';
import type { Redis } from '../redis.ts';
import type { RedisCommand } from '../writes.ts';
import { AT_CONNECTORS } from './at-connectors.ts';
import { type HistoryEntry, historyKey, historyWrites } from './history.ts';
import { type DeadLetter, LETTER_SHAPES, LETTER_STATUSES, type Letter, type LetterStatus } from './letter.ts';
import { originalKey } from './originals.ts';

/**
 * The index of the dead letters. All its keys lie in one slot: one script may touch them all, and there are few dead letters
 * by nature. An effect's `elsewhere` names this as the owner.
 */
export const LETTERS_OWNER = 'dlq';

const KEY = 'dlq:{dlq}';
const SECONDS_A_DAY = 24 * 60 * 60;
/** How long the counts of an hour are kept. */
const HOURS_KEPT_DAYS = 14;

export const letterKey = (id: string): string => `${KEY}:letter:${id}`;

/** Ids by the time of their last failure, milliseconds since 1970: all of them, those of a topic, those of a reason. */
export const LETTER_INDEX = {
  all: `${KEY}:by-time`,
  topic: (topic: string): string => `${KEY}:topic:${topic}`,
  code: (code: string): string => `${KEY}:code:${code}`,
  /** Set of ids. */
  user: (userId: string): string => `${KEY}:user:${userId}`,
  /** Set of ids. */
  correlation: (correlationId: string): string => `${KEY}:correlation:${correlationId}`,
} as const;

/** Ids of letters that are being put back, by the time at which that began. */
export const PUTTING_BACK = `${KEY}:putting-back`;

/** Hash of one hour: letters by `topic|code`. @param at ISO 8601, UTC */
export const hourKey = (at: string): string => `${KEY}:hour:${at.slice(0, 13)}`;

/** What is known of a letter beside what the dead letter says. */
export interface Filing {
  readonly status: LetterStatus;
  readonly nextRetryAt?: string | undefined;
  readonly owner?: string | undefined;
  readonly users: readonly string[];
  readonly correlationId?: string | undefined;
  /** Of what was known of it before: it may leave an index. */
  readonly before?: Pick<Letter, 'code'> | undefined;
}

/** The writes that file a letter, or what is new of it: each application counts it once more, and adds to its history. */
export const letterWrites = (letter: DeadLetter, filing: Filing): readonly RedisCommand[] => {
  const { id, topic, code, attempts, firstFailure, lastFailure } = letter;
  const { status, nextRetryAt = '', owner = '', users, correlationId = '', before } = filing;
  const at = Date.parse(lastFailure);
  const hour = hourKey(lastFailure);
  return [
    ['HSETNX', letterKey(id), 'firstFailure', firstFailure],
    [
      'HSET',
      letterKey(id),
      ...Object.entries({
        id,
        shape: letter.shape,
        topic,
        partition: letter.partition,
        offset: letter.offset,
        consumer: letter.consumer,
        errorClass: letter.errorClass,
        code,
        message: letter.message,
        lastFailure,
        redriveCount: letter.redriveCount,
        redrivable: letter.redrivable ? 'yes' : 'no',
        status,
        nextRetryAt,
        owner,
        users: JSON.stringify(users),
        correlationId,
      }).flat(),
    ],
    ...countWrites(letter),
    ...historyWrites(id, failureOf(letter, filing)),
    ['ZADD', LETTER_INDEX.all, at, id],
    ['ZADD', LETTER_INDEX.topic(topic), at, id],
    ...(before === undefined || before.code === code ? [] : [['ZREM', LETTER_INDEX.code(before.code), id] as const]),
    ['ZADD', LETTER_INDEX.code(code), at, id],
    ...users.map((userId) => ['SADD', LETTER_INDEX.user(userId), id] as const),
    ...(correlationId === '' ? [] : [['SADD', LETTER_INDEX.correlation(correlationId), id] as const]),
    ['HINCRBY', hour, `${topic}|${code}`, 1],
    ['EXPIRE', hour, HOURS_KEPT_DAYS * SECONDS_A_DAY],
    ['HINCRBY', letterKey(id), 'attempts', attempts],
  ];
};

const failureOf = (
  { lastFailure, code, message, attempts, redriveCount }: DeadLetter,
  { nextRetryAt }: Filing,
): HistoryEntry => ({
  ...{ at: lastFailure, what: 'failed', code, message, attempts, redriveCount },
  ...(nextRetryAt === undefined ? {} : { nextRetryAt }),
});

/** The write that only counts a letter that came again with nothing new to say. */
export const countWrites = ({ id }: Pick<DeadLetter, 'id'>): readonly RedisCommand[] => [
  ['HINCRBY', letterKey(id), 'times', 1],
];

/** @returns undefined for an id nobody knows (any more) */
export const readLetter = async (redis: Redis, id: string): Promise<Letter | undefined> =>
  letterOf(await redis.hgetall(letterKey(id)));

/** Those of these ids that there are, in order. */
export const readLetters = async (redis: Redis, ids: readonly string[]): Promise<readonly Letter[]> =>
  (await Promise.all(ids.map((id) => readLetter(redis, id)))).flatMap((letter) =>
    letter === undefined ? [] : [letter],
  );

const letterOf = (fields: Readonly<Record<string, string>>): Letter | undefined => {
  const { id, topic = '', code = '', nextRetryAt = '', owner = '', correlationId = '', why = '' } = fields;
  const { puttingBack = '' } = fields;
  const status = LETTER_STATUSES.find((one) => one === fields.status);
  if (id === undefined || status === undefined) return undefined;
  const users: readonly string[] = JSON.parse(fields.users ?? '[]');
  return {
    id,
    shape: LETTER_SHAPES.find((one) => one === fields.shape) ?? 'unknown',
    topic,
    partition: Number(fields.partition ?? -1),
    offset: Number(fields.offset ?? -1),
    consumer: fields.consumer ?? '',
    errorClass: fields.errorClass === 'transient' ? 'transient' : 'permanent',
    code,
    message: fields.message ?? '',
    attempts: Number(fields.attempts ?? 0),
    times: Number(fields.times ?? 0),
    firstFailure: fields.firstFailure ?? '',
    lastFailure: fields.lastFailure ?? '',
    redriveCount: Number(fields.redriveCount ?? 0),
    redrivable: fields.redrivable === 'yes',
    status,
    users,
    ...(nextRetryAt === '' ? {} : { nextRetryAt }),
    ...(owner === '' ? {} : { owner }),
    ...(correlationId === '' ? {} : { correlationId }),
    ...(why === '' ? {} : { why }),
    ...(fields.patched === 'yes' ? { patched: true } : {}),
    ...(puttingBack === '' ? {} : { puttingBack: JSON.parse(puttingBack) }),
  };
};

/** Deletes letters with their originals; the index entry goes last, so that what was cut off is found again. */
export const deleteLetters = async (
  redis: Redis,
  objects: ObjectStore,
  letters: readonly Pick<Letter, 'id' | 'topic' | 'code' | 'users' | 'correlationId'>[],
): Promise<void> => {
  await objects.delete(letters.map(({ id }) => originalKey(id)));
  await Promise.all(
    letters.map(({ id, topic, code, users, correlationId }) =>
      redis
        .multi([
          ['del', letterKey(id), historyKey(id)],
          ['zrem', PUTTING_BACK, id],
          ['hdel', AT_CONNECTORS, id],
          ...(correlationId === undefined ? [] : [['srem', LETTER_INDEX.correlation(correlationId), id]]),
          ['zrem', LETTER_INDEX.topic(topic), id],
          ['zrem', LETTER_INDEX.code(code), id],
          ['zrem', LETTER_INDEX.all, id],
          ...users.map((userId) => ['srem', LETTER_INDEX.user(userId), id]),
        ])
        .exec(),
    ),
  );
};
