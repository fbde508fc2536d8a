import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planRedrive, REDRIVES_UNASKED } from '../../../lib/operations/dead-letters/redrive-plan.ts';
import { LETTER_STATUSES, type Letter } from '../../../lib/stores/dead-letters/index.ts';

const NOW = Date.parse('2026-01-02T00:00:00Z');

const anyLetter = fc.record({
  topic: fc.constantFrom('a', 'b'),
  partition: fc.nat(2),
  offset: fc.nat(50),
  redriveCount: fc.nat(8),
  redrivable: fc.boolean(),
  status: fc.constantFrom(...LETTER_STATUSES),
  nextRetryAt: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z'),
});
const letterOf = (some: Partial<Letter>, i: number): Letter => ({
  ...{ id: `letter-${i}`, shape: 'ours', topic: 'a', partition: 0, offset: 0, consumer: 'c', errorClass: 'permanent' },
  ...{ code: 'RULE_VIOLATED', message: '', attempts: 1, firstFailure: '', lastFailure: '', redriveCount: 0, times: 1 },
  ...{ redrivable: true, status: 'open', users: [] },
  ...some,
});
const anyLetters = fc.array(anyLetter, { maxLength: 30 }).map((some) => some.map(letterOf));

it('each letter is put back or left with a reason, and records of a partition keep their order', () => {
  fc.assert(
    fc.property(anyLetters, fc.boolean(), (letters, again) => {
      const plan = planRedrive(letters, again, NOW);
      const told = [...plan.letters, ...plan.left].map(({ id }) => id);
      expect(told.sort()).toEqual(letters.map(({ id }) => id).sort());
      for (const [i, letter] of plan.letters.entries()) {
        const before = plan.letters[i - 1];
        if (before?.topic === letter.topic && before.partition === letter.partition) {
          expect(before.offset).toBeLessThanOrEqual(letter.offset);
        }
      }
    }),
  );
});

it('nothing is put back that has no record, has taken effect, or was put back by itself', () => {
  fc.assert(
    fc.property(anyLetters, (letters) => {
      for (const { redrivable, status, nextRetryAt = '' } of planRedrive(letters, false, NOW).letters) {
        expect(redrivable && status !== 'done' && !(status === 'retrying' && Date.parse(nextRetryAt) <= NOW)).toBe(
          true,
        );
      }
    }),
  );
});

it('what came back each time is put back once more only when somebody says so', () => {
  const often = letterOf({ redriveCount: REDRIVES_UNASKED }, 1);
  expect(planRedrive([often], false, NOW)).toMatchObject({
    letters: [],
    left: [{ reason: expect.stringContaining('--again') }],
  });
  expect(planRedrive([often], true, NOW).letters).toEqual([often]);
});
