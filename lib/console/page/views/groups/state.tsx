import { Badge, type Tone } from '../../parts/badge.tsx';

/** Kafka's own names; `none` is a group that never connected. */
const TONES: Readonly<Record<string, Tone>> = {
  Stable: 'ok',
  Empty: 'plain',
  none: 'plain',
  PreparingRebalance: 'warn',
  CompletingRebalance: 'warn',
};

export const GroupState = ({ state }: { state: string }) => <Badge tone={TONES[state] ?? 'plain'}>{state}</Badge>;
