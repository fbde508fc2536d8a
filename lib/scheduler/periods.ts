import type { Periodic } from './periodic.ts';

/** Everything that happens again and again. */
export const PERIODS: readonly Periodic[] = [];
