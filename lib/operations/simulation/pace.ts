/** The load in the middle of a run is so much above its mean, and at both ends so much below. */
const SWING = 0.6;

/**
 * How many events are due after a part of a run that begins and ends in the night and is busiest in the middle.
 *
 * @param elapsedMs since the beginning of the run
 * @param totalMs length of the run
 * @param total events of the whole run
 * @returns 0 at the beginning, `total` at the end, never less than before
 */
export const dueAfter = (elapsedMs: number, totalMs: number, total: number): number => {
  if (elapsedMs >= totalMs) return total;
  const at = Math.max(0, elapsedMs) / totalMs;
  // The integral of 1 - SWING * cos(2πx).
  return Math.floor(total * (at - (SWING / (2 * Math.PI)) * Math.sin(2 * Math.PI * at)));
};
