import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Chance that repeats: the same seed throws the same numbers. */
export interface Dice {
  /** A whole number, both ends included. */
  integer(from: number, to: number): number;
  /** True once in 1/probability. @param probability 0 to 1 */
  chance(probability: number): boolean;
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
  /** One of them, the more often the greater its weight. */
  weighted<Value>(values: readonly Value[], weightOf: (value: Value) => number): Value;
  /** 0 to count - 1, small numbers far more often: a few codes get most of the scans. */
  skewed(count: number): number;
}

const STEPS = 2 ** 30;

/** How much the first ones are preferred: with 3, a fifth of them gets more than half of the throws. */
const SKEW = 3;

export const dice = (seed: number): Dice => {
  const generator = xoroshiro128plus(seed);
  const integer = (from: number, to: number): number => uniformInt(generator, from, to);
  const share = (): number => integer(0, STEPS - 1) / STEPS;
  return {
    integer,
    chance: (probability) => share() < probability,
    pick: ([first, ...others]) => {
      const at = integer(0, others.length);
      return at === 0 ? first : (others[at - 1] ?? first);
    },
    weighted: (values, weightOf) => {
      let left = share() * values.reduce((sum, value) => sum + weightOf(value), 0);
      for (const value of values) {
        left -= weightOf(value);
        if (left < 0) return value;
      }
      throw new RangeError('there is nothing to choose from');
    },
    skewed: (count) => Math.floor(count * share() ** SKEW),
  };
};
