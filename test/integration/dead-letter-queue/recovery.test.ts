import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { recoverLetters, withLetters } from '../../../lib/operations/dead-letters/index.ts';
import { type DeadLetter, deleteLetters, keepLetter, readLetter } from '../../../lib/stores/dead-letters/index.ts';
import { openObjects } from '../../../lib/stores/objects.ts';
import { openRedis } from '../../../lib/stores/redis.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
const [redis, objects] = [openRedis(settings), openObjects(settings)];
afterAll(() => {
  redis.disconnect();
  objects.close();
});

const letterOf = (redrivable: boolean): DeadLetter => ({
  ...{ id: `recovered ${randomUUID()}`, shape: 'ours', topic: 'a', partition: 0, offset: 1, consumer: 'c' },
  ...{
    errorClass: 'permanent',
    code: 'RULE_VIOLATED',
    message: 'It may not.',
    attempts: 3,
    redriveCount: 1,
    redrivable,
  },
  ...{ firstFailure: '2026-01-01T00:00:00.000Z', lastFailure: '2026-01-02T00:00:00.000Z' },
});

it('letters that Redis has forgotten come back from their objects, once', async () => {
  const letters = [letterOf(true), letterOf(false)];
  const users = [randomUUID()];
  const original = { key: Buffer.from('k'), value: null, headers: [] };
  for (const letter of letters) await keepLetter(objects, { letter, users, owner: '{owner}', original });
  const recover = () => withLetters(settings, recoverLetters);
  // Letters of other tests may be on their way into the index meanwhile.
  const counts = await Promise.all([recover(), recover(), recover()]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2);
  await recover();
  const [open, parked] = letters;
  expect(await readLetter(redis, open?.id ?? '')).toEqual({
    ...{ ...open, status: 'open', times: 1, users, owner: '{owner}' },
  });
  expect(await readLetter(redis, parked?.id ?? '')).toMatchObject({ status: 'parked', times: 1 });
  await deleteLetters(
    redis,
    objects,
    letters.map((letter) => ({ ...letter, users })),
  );
});
