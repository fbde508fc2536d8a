import { type Dice, dice } from './dice.ts';

/** Somebody who uses the product. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly locale: string;
}

/** A code somebody has printed. */
export interface Code {
  readonly qrId: string;
  readonly owner: Person;
}

/** What the stories of one run share: chance, people and their codes, and names that no other run has. */
export interface Stage {
  readonly dice: Dice;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** ISO 8601, `ms` before now. */
  readonly ago: (ms: number) => string;
  /** A name that nothing else has, e.g. `team-4f3a-17`. */
  readonly fresh: (kind: string) => string;
  /** One of the people; a few of them are busy. */
  readonly person: () => Person;
  /** One of the codes; a few of them get most of the scans. */
  readonly code: () => Code;
}

/** How many there are in a run. */
export const PEOPLE = 200;
export const CODES = 2_000;
const NAMES = ['Ada', 'Björn', 'Chiara', 'Dayo', 'Emre', 'Fatima', 'Goran', 'Hana', 'Inés', 'Jun'] as const;
const LOCALES = ['en', 'de', 'fr', 'pt-BR', 'ja'] as const;

/**
 * @param seed the same seed makes the same people and codes
 * @param run makes the names of one run differ from those of another on the same stack
 */
export const stage = (seed: number, run: string, now: () => number = Date.now): Stage => {
  const chance = dice(seed);
  const people = Array.from({ length: PEOPLE }, (_, i): Person => {
    const name = chance.pick(NAMES);
    const locale = chance.pick(LOCALES);
    return { userId: `user-${run}-${i}`, name, locale, email: `user-${run}-${i}@example.com` };
  });
  const person = (): Person => chosen(people, chance.skewed(PEOPLE));
  const codes = Array.from({ length: CODES }, (_, i): Code => ({ qrId: `qr-${run}-${i}`, owner: person() }));
  let count = 0;
  return {
    dice: chance,
    now,
    ago: (ms) => new Date(now() - ms).toISOString(),
    fresh: (kind) => {
      count += 1;
      return `${kind}-${run}-${count}`;
    },
    person,
    code: () => chosen(codes, chance.skewed(CODES)),
  };
};

const chosen = <Value>(values: readonly Value[], at: number): Value => {
  const value = values[at];
  if (value === undefined) throw new RangeError(`there is no number ${at} among ${values.length}`);
  return value;
};
