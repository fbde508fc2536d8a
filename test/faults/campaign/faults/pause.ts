import { setTimeout as delay } from 'node:timers/promises';
import type { Scene } from './fault.ts';

/** Waits for a time that chance chooses: when something happens is the point here, not that something has happened. */
export const pause = ({ dice, signal }: Scene, fromMs: number, toMs: number): Promise<void> =>
  delay(dice.integer(fromMs, toMs), undefined, { signal });
