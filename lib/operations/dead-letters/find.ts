import { isTopicName, TOPIC_NAMES } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import { placeOfLetter } from '../../events/index.ts';
import { type KnownRecord, statusesOfRecords } from '../../idempotency/index.ts';
import {
  type ErrorClass,
  LETTER_INDEX,
  type Letter,
  type LetterStatus,
  readLetter,
  readLetters,
  setStatus,
} from '../../stores/dead-letters/index.ts';
import type { Redis } from '../../stores/redis.ts';
import { nearest } from '../nearest.ts';

/** Which letters are meant; all of them when nothing is said. */
export interface LetterFilter {
  readonly topic?: string | undefined;
  /** The reason's short name, e.g. `INVALID_EVENT`. */
  readonly code?: string | undefined;
  /** The consumer group, or connector, that gave them up. */
  readonly consumer?: string | undefined;
  readonly errorClass?: ErrorClass | undefined;
  readonly statuses?: readonly LetterStatus[] | undefined;
  /** Failed last at this time or later, milliseconds since 1970. */
  readonly since?: number | undefined;
  /** Failed last at this time or before. */
  readonly until?: number | undefined;
}

/** Where a page of letters goes on: after this one. */
export type LetterPlace = Pick<Letter, 'id' | 'lastFailure'>;

/** Letters that are read together. */
const PAGE = 500;

const indexFor = ({ topic, code }: LetterFilter): string => {
  if (code !== undefined) return LETTER_INDEX.code(code);
  return topic === undefined ? LETTER_INDEX.all : LETTER_INDEX.topic(topic);
};

const matches = (letter: Letter, { topic, code, consumer, errorClass, statuses }: LetterFilter): boolean =>
  (topic === undefined || letter.topic === topic) &&
  (code === undefined || letter.code === code) &&
  (consumer === undefined || letter.consumer === consumer) &&
  (errorClass === undefined || letter.errorClass === errorClass) &&
  (statuses === undefined || statuses.includes(letter.status));

/** The record of a dead letter as its consumer's bookkeeping knows it; undefined where none of our functions is that. */
const firstRecordOf = ({ id, owner }: Letter): KnownRecord | undefined => {
  const place = placeOfLetter(id);
  return place === undefined || owner === undefined || !isTopicName(place.topic)
    ? undefined
    : { ...place, topic: place.topic, tag: owner };
};

/**
 * Letters with their status as it is now: one whose event has taken effect, since it was put back or from another copy, is
 * done. Its consumer's bookkeeping tells.
 */
const settled = async (redis: Redis, letters: readonly Letter[]): Promise<readonly Letter[]> => {
  const undecided = letters.flatMap((letter) => {
    const record = letter.status === 'done' ? undefined : firstRecordOf(letter);
    return record === undefined ? [] : [{ letter, record }];
  });
  const statuses = await statusesOfRecords(
    redis,
    undecided.map(({ record }) => record),
  );
  const done = new Set(undecided.flatMap(({ letter }, i) => (statuses[i] === 'applied' ? [letter] : [])));
  const at = new Date().toISOString();
  await Promise.all([...done].map((letter) => setStatus(redis, letter, 'done', { at })));
  return letters.map((letter) => (done.has(letter) ? { ...letter, status: 'done' } : letter));
};

/** Redis has those of one time in the reverse order of their ids. */
const isAfter = ({ id, lastFailure }: LetterPlace, place: LetterPlace): boolean => {
  const [time, placed] = [Date.parse(lastFailure), Date.parse(place.lastFailure)];
  return time < placed || (time === placed && id < place.id);
};

/** The letters a filter means, newest first, up to `limit`. @param after the last one of the page before */
export const findLetters = async (
  redis: Redis,
  filter: LetterFilter,
  limit: number = Number.POSITIVE_INFINITY,
  after?: LetterPlace,
): Promise<readonly Letter[]> => {
  const found: Letter[] = [];
  const [index, oldest] = [indexFor(filter), filter.since ?? '-inf'];
  const placed = after === undefined ? Number.POSITIVE_INFINITY : Date.parse(after.lastFailure);
  const newest = Math.min(placed, filter.until ?? Number.POSITIVE_INFINITY);
  const max = Number.isFinite(newest) ? newest : '+inf';
  for (let from = 0; found.length < limit; from += PAGE) {
    const ids = await redis.zrevrangebyscore(index, max, oldest, 'LIMIT', from, PAGE);
    if (ids.length === 0) break;
    const page = await settled(redis, await readLetters(redis, ids));
    const further = after === undefined ? page : page.filter((letter) => isAfter(letter, after));
    found.push(...further.filter((letter) => matches(letter, filter)));
  }
  return found.slice(0, limit);
};

/** An id is a topic, a partition and an offset; the topic may be misspelt. */
const meantId = (id: string): string | undefined => {
  const [, topic, place] = /^(.+?)(-\d+-\d+)$/.exec(id) ?? [];
  if (topic === undefined || isTopicName(topic)) return undefined;
  const meant = nearest(topic, TOPIC_NAMES);
  return meant === undefined ? undefined : `Did you mean ${meant}${place}?`;
};

/**
 * The letter of this id.
 *
 * @throws StreamError NOT_FOUND
 */
export const requireLetter = async (redis: Redis, id: string): Promise<Letter> => {
  const letter = await readLetter(redis, id);
  if (letter === undefined) {
    throw new StreamError('NOT_FOUND', `No dead letter is known as ${id}.`, {
      next: meantId(id) ?? 'See them: ./stream-manager.sh dlq list --letters',
    });
  }
  return (await settled(redis, [letter]))[0] ?? letter;
};
