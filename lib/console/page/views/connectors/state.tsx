import { Badge, type Tone } from '../../parts/badge.tsx';

/** Connect's own words. */
const TONES: Readonly<Record<string, Tone>> = {
  RUNNING: 'ok',
  PAUSED: 'warn',
  STOPPED: 'warn',
  RESTARTING: 'busy',
  UNASSIGNED: 'busy',
  FAILED: 'bad',
};

export const StateBadge = ({ state }: { state: string }) => (
  <Badge tone={TONES[state] ?? 'plain'}>{state.toLowerCase()}</Badge>
);
