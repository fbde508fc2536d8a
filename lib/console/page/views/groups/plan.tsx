import { useState } from 'preact/hooks';
import type { ResetEffect, ResetStep } from '../../../../operations/reset-plan.ts';
import type { PlannedReset } from '../../../server/routes/groups-types.ts';
import type { ApiError } from '../../api.ts';
import { counted, number } from '../../format.ts';
import { FailureNote } from '../../parts/failure.tsx';
import { type Column, Table } from '../../parts/table.tsx';

/** What a reset comes to, in words. */
export const effectWords = ({ again, skipped }: ResetEffect): string =>
  [
    ...(again > 0 ? [`${counted(again, 'message')} again`] : []),
    ...(skipped > 0 ? [`${counted(skipped, 'message')} skipped`] : []),
  ].join(', ') || 'no message again, none skipped';

/** From the group's side: back is less. */
const changeWords = (change: number): string =>
  change === 0 ? '0' : change > 0 ? `−${number(change)}` : `+${number(-change)}`;

const STEPS: readonly Column<ResetStep>[] = [
  { head: 'Partition', right: true, cell: ({ partition }) => partition },
  { head: 'From', right: true, cell: ({ from }) => (from === null ? '–' : number(from)) },
  { head: 'To', right: true, cell: ({ to }) => number(to) },
  { head: 'Change', right: true, cell: ({ change }) => changeWords(change) },
  { head: 'Note', grows: true, cell: ({ note }) => <span title={note ?? ''}>{note}</span> },
];

export interface ResetPlanProps {
  readonly plan: PlannedReset;
  readonly failure: ApiError | undefined;
  readonly isBusy: boolean;
  readonly onBack: () => void;
  readonly onMove: (pause: boolean) => void;
}

/** From and to of every partition, and whether it is to be. */
export const ResetPlan = ({ plan, failure, isBusy, onBack, onMove }: ResetPlanProps) => {
  const { group, topic, steps, effect, refused } = plan;
  const [pause, setPause] = useState(false);
  const changes = steps.filter(({ from, to }) => from !== to).length;
  return (
    <form
      class="reset"
      onSubmit={(event) => {
        event.preventDefault();
        onMove(pause);
      }}
    >
      <p>
        <strong>{topic}</strong>: {effectWords(effect)}.
      </p>
      <Table
        label={`Plan for ${group}`}
        columns={STEPS}
        rows={steps}
        keyOf={({ partition }) => String(partition)}
        empty="There is no partition."
      />
      {refused === null ? null : (
        <>
          <div class="failure plan" role="alert">
            <strong>{refused.error}</strong>
            <span>{refused.next}</span>
          </div>
          <label class="check">
            <input type="checkbox" checked={pause} onChange={(event) => setPause(event.currentTarget.checked)} />
            Pause the local function for the time of the reset (--pause)
          </label>
        </>
      )}
      <FailureNote failure={failure} />
      <footer>
        <button type="submit" class="danger" disabled={isBusy || changes === 0 || (refused !== null && !pause)}>
          {changes === 0 ? 'Nothing to change' : `Move it in ${counted(changes, 'partition')}`}
        </button>
        <button type="button" onClick={onBack}>
          Back
        </button>
      </footer>
    </form>
  );
};
