import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { writeUnlessThere } from '../../../lib/idempotency/index.ts';
import { findLetters, type LetterPlace } from '../../../lib/operations/dead-letters/index.ts';
import { type DeadLetter, deleteLetters, letterWrites } from '../../../lib/stores/dead-letters/index.ts';
import { hashTag } from '../../../lib/stores/hash-tag.ts';
import { openObjects } from '../../../lib/stores/objects.ts';
import { openRedis } from '../../../lib/stores/redis.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
const [redis, objects] = [openRedis(settings), openObjects(settings)];
const consumer = `pages-${randomUUID()}`;
/** Several failed at the same time: only the id tells them apart. */
const START = Date.parse('2026-01-01T00:00:00Z');
const timeOf = (i: number): string => new Date(START + Math.floor(i / 4) * 1_000).toISOString();

const file = async (i: number, time: string): Promise<void> => {
  const letter: DeadLetter = {
    ...{ id: `${consumer}-0-${i}`, shape: 'ours', topic: consumer, partition: 0, offset: i, consumer },
    ...{ errorClass: 'permanent', code: 'RULE_VIOLATED', message: 'Not yet.', attempts: 1, redriveCount: 0 },
    ...{ firstFailure: time, lastFailure: time, redrivable: false },
  };
  const guard = `pages-test:${hashTag('dlq')}:${letter.id}/${time}`;
  await writeUnlessThere(redis, guard, letterWrites(letter, { status: 'open', users: [] }));
};

for (let i = 0; i < 30; i += 1) await file(i, timeOf(i));
afterAll(async () => {
  await deleteLetters(redis, objects, await findLetters(redis, { topic: consumer }));
  redis.disconnect();
  objects.close();
});

it('pages hold each letter once, in the order of the whole, also while letters fail anew in between', async () => {
  const whole = await findLetters(redis, { topic: consumer });
  expect(whole).toHaveLength(30);
  const ids: string[] = [];
  let after: LetterPlace | undefined;
  for (;;) {
    const page = await findLetters(redis, { topic: consumer }, 7, after);
    if (page.length === 0) break;
    ids.push(...page.map(({ id }) => id));
    after = page.at(-1);
    // One that was seen comes again, as the newest.
    await file(29, new Date().toISOString());
  }
  expect(ids).toEqual(whole.map(({ id }) => id));
});

it('what failed after a moment is left out', async () => {
  const until = START + 2_000;
  const found = await findLetters(redis, { topic: consumer, until });
  expect(found.map(({ offset }) => offset)).toEqual([9, 8, 11, 10, 7, 6, 5, 4, 3, 2, 1, 0]);
  const after = found[4];
  const rest = await findLetters(redis, { topic: consumer, until, since: START + 1_000 }, 50, after);
  expect(rest.map(({ offset }) => offset)).toEqual([6, 5, 4]);
});
