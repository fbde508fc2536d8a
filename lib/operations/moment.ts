const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What a moment that nobody understands is answered with. */
export const MOMENT_WORDS = 'a time such as 2026-01-31T08:00:00Z, or how long ago: 30m, 2h, 7d';

/**
 * A time in ISO 8601, or how long ago it was (`30m`, `2h`, `7d`), in milliseconds since 1970.
 *
 * @returns undefined for what is neither
 */
export const momentIn = (text: string): number | undefined => {
  const [, count, unit = ''] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const time = count === undefined ? Date.parse(text) : Date.now() - Number(count) * (UNIT_MS[unit] ?? 0);
  return Number.isNaN(time) ? undefined : time;
};
