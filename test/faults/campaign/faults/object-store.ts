import type { Dice } from '../../../../lib/operations/simulation/dice.ts';
import type { Fate } from '../detour.ts';
import { type Fault, requireHit } from './fault.ts';
import { pause } from './pause.ts';

const PASSES: Fate = { kind: 'passes' };

/** The functions reach the object store through a proxy, which spoils their requests for a while. */
const spoilt = (name: string, about: string, fate: (dice: Dice) => Fate): Fault => ({
  name,
  about,
  stack: 'one broker',
  strike: async (scene) => {
    const { detour, dice, note } = scene;
    const before = detour.disturbed;
    detour.fateOf = () => fate(dice);
    try {
      await pause(scene, 5_000, 10_000);
    } finally {
      detour.clear();
    }
    const disturbed = detour.disturbed - before;
    note(`${disturbed} requests disturbed`);
    requireHit(disturbed, 'request');
  },
});

export const storeSlow = spoilt(
  'store-slow',
  'Every request to the object store takes up to three seconds longer.',
  (dice) => ({ kind: 'late', ms: dice.integer(200, 3_000) }),
);

export const storeFailing = spoilt(
  'store-failing',
  'The object store answers every request with 503 SlowDown.',
  () => ({ kind: 'refused', status: 503 }),
);

export const storePartlyFailing = spoilt(
  'store-partly-failing',
  'Half of the requests to the object store fail: refused, or done and never answered.',
  (dice) => {
    if (dice.chance(0.5)) return PASSES;
    return dice.pick<Fate>([{ kind: 'refused', status: 500 }, { kind: 'unanswered' }]);
  },
);
