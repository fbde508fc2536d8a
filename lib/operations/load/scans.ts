import { type EventOf, eventOf } from '../../events/index.ts';
import { dice } from '../simulation/dice.ts';
import { visitOf } from '../simulation/stories/scanning.ts';

/** How the scans of a measurement are made. */
export interface LoadOptions {
  readonly scans: number;
  /** Codes they are of. */
  readonly codes: number;
  /** Minutes over which they have happened, up to now. */
  readonly minutes: number;
}

/** Scans, and what they come to. */
export interface LoadScans {
  readonly userId: string;
  readonly qrIds: readonly string[];
  readonly events: readonly EventOf<'qr.scanned'>[];
}

const MINUTE = 60_000;
const SEED = 7;

/**
 * Scans of many codes, of which few get many: a fifth of the codes gets more than half, as in the simulated day. They are
 * spread evenly over the minutes before `now`.
 *
 * @param run names codes and user, so that nobody else has them
 */
export const loadScans = ({ scans, codes, minutes }: LoadOptions, run: string, now: number): LoadScans => {
  const chance = dice(SEED);
  const userId = `load-${run}`;
  const qrIds = Array.from({ length: codes }, (_, i) => `qr-${run}-${i}`);
  const events = Array.from({ length: scans }, (_, i) => {
    const qrId = qrIds[chance.skewed(codes)] ?? '';
    const at = now - minutes * MINUTE + Math.floor(((i + 0.5) / scans) * minutes * MINUTE);
    const payload = { qrId, userId, action: 'scan', ...visitOf(chance), scannedAt: new Date(at).toISOString() };
    return eventOf('qr.scanned', payload, { source: 'load' });
  });
  return { userId, qrIds, events };
};
