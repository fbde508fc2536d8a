const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** Milliseconds as people say them, in the largest unit that divides well: `7 d`, `36 h`, `1.5 s`; -1 is `for ever`. */
export const duration = (ms: number): string => {
  if (ms === -1) return 'for ever';
  for (const [unit, size] of UNITS) if (ms >= size && ms % size === 0) return `${ms / size} ${unit}`;
  return ms < 1_000 ? `${ms} ms` : `${number(Math.round(ms / 100) / 10)} s`;
};

/** How long something has been so, in the largest whole unit: `under 1 s`, `42 s`, `3 min`, `2 h`, `5 d`. */
export const age = (ms: number): string => {
  for (const [unit, size] of UNITS) if (ms >= size) return `${number(Math.floor(ms / size))} ${unit}`;
  return 'under 1 s';
};

/** A number with thousands separated by commas. */
export const number = (value: number): string => value.toLocaleString('en-US');

/** Bytes as `512 B`, `4.2 KB`, `11.3 MB` (powers of 1000, as file managers show them). */
export const bytes = (count: number): string => {
  if (count < 1_000) return `${count} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(count) / 3), units.length);
  return `${(count / 1_000 ** power).toFixed(1)} ${units[power - 1]}`;
};

/** `1 message`, `2 messages`. */
export const counted = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Records a second: `0/s`, `0.4/s`, `1,200/s`. */
export const rate = (perSecond: number): string =>
  `${perSecond >= 10 || perSecond === 0 ? number(Math.round(perSecond)) : (Math.ceil(perSecond * 10) / 10).toFixed(1)}/s`;
