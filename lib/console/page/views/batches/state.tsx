import type { Batch, BatchState } from '../../../../../handlers/bulk-qr-processing/batch-state.ts';
import { number } from '../../format.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { Progress } from '../../parts/progress.tsx';

const TONES: Readonly<Record<BatchState, Tone>> = {
  planned: 'plain',
  rendering: 'busy',
  assembling: 'busy',
  completed: 'ok',
  completed_with_errors: 'warn',
  failed: 'bad',
};

export const StateBadge = ({ state }: { state: BatchState }) => (
  <Badge tone={TONES[state]}>{state.replaceAll('_', ' ')}</Badge>
);

export const BatchProgress = ({ batch }: { batch: Batch }) => {
  const { done, failed, total, state, batchId } = batch;
  const tone = state === 'failed' ? 'bad' : state.startsWith('completed') ? 'ok' : 'busy';
  const text = `${number(done)} of ${number(total)}${failed === 0 ? '' : `, ${number(failed)} failed`}`;
  return <Progress label={`Progress of ${batchId}`} value={done + failed} total={total} text={text} tone={tone} />;
};
