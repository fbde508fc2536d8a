import type { Periodic } from './periodic.ts';
import { SWEEPS } from './sweeps.ts';

/** Everything that happens again and again. */
export const PERIODS: readonly Periodic[] = [...SWEEPS];
