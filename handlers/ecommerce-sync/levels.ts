/** How much there is of a product, worst last. */
export const LEVELS = ['ok', 'low', 'out'] as const;

export type Level = (typeof LEVELS)[number];

/** By how much, of its threshold, stock must rise above it before its owner is warned again. */
const MARGIN = 0.1;

const isWorse = (one: Level, other: Level): boolean => LEVELS.indexOf(one) > LEVELS.indexOf(other);

/** @param lowStockAt stock at which the owner is warned; null: never */
export const levelOf = (available: number, lowStockAt: number | null): Level => {
  if (available <= 0) return 'out';
  return lowStockAt !== null && available <= lowStockAt ? 'low' : 'ok';
};

/** Whether there is so much again that the next shortage is another one: stock that goes up and down by one is one shortage. */
const isPlenty = (available: number, lowStockAt: number | null): boolean => {
  const threshold = lowStockAt ?? 0;
  return available > threshold + Math.max(1, Math.ceil(threshold * MARGIN));
};

/** What the owner has been told of the shortage that is on, once they know of this level too. */
export const toldOf = (told: Level, available: number, lowStockAt: number | null): Level => {
  if (isPlenty(available, lowStockAt)) return 'ok';
  const level = levelOf(available, lowStockAt);
  return isWorse(level, told) ? level : told;
};

/** The level to tell the owner of, or undefined when they know. */
export const newsOf = (told: Level, now: Level): Exclude<Level, 'ok'> | undefined =>
  now !== 'ok' && isWorse(now, told) ? now : undefined;
