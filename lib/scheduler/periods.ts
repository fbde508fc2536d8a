import type { Periodic } from './periodic.ts';

/** Everything that happens again and again. Empty while no handler asks for it. */
export const PERIODS: readonly Periodic[] = [];
