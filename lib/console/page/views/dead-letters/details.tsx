import { useState } from 'preact/hooks';
import type { Letter, LetterStatus } from '../../../../stores/dead-letters/letter.ts';
import type { Action } from '../../../server/dead-letters/actions.ts';
import type { LetterDetails } from '../../../server/routes/dead-letters-types.ts';
import { mayChange } from '../../api.ts';
import { counted, number } from '../../format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { Act } from './act.tsx';
import { ACTIONS } from './actions.ts';
import { EditLetter } from './edit.tsx';
import { LetterRecord } from './record.tsx';
import { RunBar } from './run.tsx';
import { LetterState } from './state.tsx';
import type { Runs } from './use-run.ts';

const EVERY_MS = 2_000;

/** Who wrote a letter onto the queue. */
const SHAPES: Readonly<Record<Letter['shape'], string>> = {
  ours: 'our consumers',
  lambda: 'Lambda, on failure',
  connect: 'Kafka Connect',
  unknown: 'nobody we know',
};

/** In which states something still makes a difference. */
const OFFERED: Readonly<Record<Action, readonly LetterStatus[]>> = {
  redrive: ['open', 'retrying', 'redriven', 'parked', 'discarded'],
  park: ['open', 'retrying', 'redriven'],
  discard: ['open', 'retrying', 'redriven', 'parked'],
};

type Event = LetterDetails['history'][number];

const HISTORY: readonly Column<Event>[] = [
  { head: 'Time', cell: ({ at }) => at },
  {
    head: 'What',
    grows: true,
    cell: ({ words, message }) => <span title={[words, message].filter(Boolean).join(': ')}>{words}</span>,
  },
  { head: 'By', wide: true, cell: ({ by }) => <span class="short">{by ?? ''}</span> },
  {
    head: 'Why',
    wide: true,
    cell: ({ why }) => (
      <span class="short" title={why}>
        {why ?? ''}
      </span>
    ),
  },
];

const factsOf = (letter: LetterDetails): readonly Fact[] => [
  ['Status', <LetterState key="status" status={letter.status} />],
  ['Reason', `${letter.code} (${letter.errorClass})`],
  ['Message', <strong key="message">{letter.message}</strong>],
  ['Consumer', letter.consumer],
  ['Told by', SHAPES[letter.shape]],
  ['Tries', `${number(letter.attempts)}, dead-lettered ${counted(letter.times, 'time')}`],
  ['First failure', letter.firstFailure],
  ['Last failure', letter.lastFailure],
  ['Put back', letter.redriveCount === 0 ? 'never' : counted(letter.redriveCount, 'time')],
  ['Why', letter.why ?? null],
  ['Correlation', letter.correlationId ?? null],
  ['Next try', letter.nextRetryAt ?? null],
  [
    'Under way',
    letter.puttingBack === undefined
      ? null
      : `put back by ${letter.puttingBack.by}; if that was cut off, put it back again`,
  ],
];

export const LetterDrawer = ({ id, runs, onClose }: { id: string; runs: Runs; onClose: () => void }) => {
  const { data, failure, again } = useAnswer<LetterDetails>(pathTo(['dead-letters', 'letters', id]), EVERY_MS);
  const [doing, setDoing] = useState<Action | 'edit' | undefined>(undefined);
  const done = (): void => {
    setDoing(undefined);
    again();
  };
  const isOffered = (action: Action): boolean =>
    data !== undefined && OFFERED[action].includes(data.status) && (action !== 'redrive' || data.redrivable);
  return (
    <Dialog drawer title={id} onClose={onClose}>
      <FailureNote failure={failure} again={again} />
      {mayChange() ? (
        <footer class="acts">
          <button type="button" class="main" disabled={!isOffered('redrive')} onClick={() => setDoing('redrive')}>
            {ACTIONS.redrive.title}
          </button>
          <button type="button" disabled={data?.isPatchable !== true} onClick={() => setDoing('edit')}>
            Edit and put back
          </button>
          <button type="button" disabled={!isOffered('park')} onClick={() => setDoing('park')}>
            {ACTIONS.park.title}
          </button>
          <button type="button" class="danger" disabled={!isOffered('discard')} onClick={() => setDoing('discard')}>
            {ACTIONS.discard.title}
          </button>
        </footer>
      ) : null}
      {mayChange() ? (
        <div class="looking">
          <RunBar run={runs.last?.letter === id ? runs.last : undefined} onStop={runs.stop} />
        </div>
      ) : null}
      <Facts facts={data && factsOf(data)} awaited={9} />
      {data === undefined ? <div class="json awaited" /> : null}
      {data?.record === null ? <p class="empty">There is no record, or it is gone.</p> : null}
      {data?.record == null ? null : <LetterRecord title="Record" record={data.record} />}
      {data?.unpatched === undefined ? null : (
        <LetterRecord title="Before its payload was replaced" record={data.unpatched} />
      )}
      <h3>History</h3>
      <Table
        label="History"
        columns={HISTORY}
        rows={data?.history}
        awaited={2}
        keyOf={({ at, what }) => `${at}/${what}`}
        empty="Nothing is known of it."
      />
      {doing === 'edit' && data !== undefined ? <EditLetter letter={data} begin={runs.begin} onClose={done} /> : null}
      {doing === undefined || doing === 'edit' ? null : (
        <Act action={doing} chosen={{ id }} begin={runs.begin} onClose={done} />
      )}
    </Dialog>
  );
};
