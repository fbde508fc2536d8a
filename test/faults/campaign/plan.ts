import type { Act, Stage } from './act.ts';
import { EFFECTS } from './effects/index.ts';

/** The acts of a run: those of all effects, mingled by chance, each effect's own in their order. */
export const planOf = (stage: Stage): readonly Act[] => {
  const left = EFFECTS.map((effect) => [...effect.plan(stage)]);
  const acts: Act[] = [];
  while (left.some(({ length }) => length > 0)) {
    const next = stage.dice.weighted(left, ({ length }) => length).shift();
    if (next !== undefined) acts.push(next);
  }
  return acts;
};
