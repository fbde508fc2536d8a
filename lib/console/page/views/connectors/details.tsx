import type { ShownConnector } from '../../../server/routes/connectors-types.ts';
import { mayChange } from '../../api.ts';
import { bytes } from '../../format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { ConnectorChanges } from './changes.tsx';
import { StateBadge } from './state.tsx';

const EVERY_MS = 2_000;

const factsOf = ({ type, state, slot }: ShownConnector): readonly Fact[] => [
  ['State', <StateBadge key="state" state={state} />],
  ['Type', type],
  ['Slot', slot === null ? null : `${bytes(slot.lagBytes)} of PostgreSQL’s log not confirmed`],
  ['Its reader', slot === null ? null : slot.active ? 'connected' : 'none is connected'],
  ['Log', slot === null ? null : slot.walStatus],
];

interface Part {
  readonly name: string;
  readonly state: string;
  readonly fault: string | null;
  readonly trace: string | null;
}

const partsOf = ({ type, state, fault, trace, tasks }: ShownConnector): readonly Part[] => [
  ...(trace === null ? [] : [{ name: type, state, fault, trace }]),
  ...tasks.map((task) => ({ ...task, name: `Task ${task.id}` })),
];

/** What failed in one line; where and why in full for whoever opens it. */
const PartLine = ({ part: { name, state, fault, trace } }: { part: Part }) => (
  <li>
    <p>
      <b>{name}</b> <StateBadge state={state} />
    </p>
    {fault === null ? null : <p class="fault">{fault}</p>}
    {trace === null ? null : (
      <details>
        <summary>The whole trace</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre class="trace" tabIndex={0}>
          {trace}
        </pre>
      </details>
    )}
  </li>
);

export const ConnectorDetails = ({ name, onClose }: { name: string; onClose: () => void }) => {
  const { data, failure, again } = useAnswer<ShownConnector>(pathTo(['connectors', name]), EVERY_MS);
  return (
    <Dialog drawer title={name} onClose={onClose}>
      <FailureNote failure={failure} again={again} />
      <Facts facts={data && factsOf(data)} awaited={5} />
      <h3>Tasks</h3>
      <ul class="tasks">
        {data === undefined ? (
          <li>
            <span class="bone" />
          </li>
        ) : (
          partsOf(data).map((part) => <PartLine key={part.name} part={part} />)
        )}
      </ul>
      {data?.tasks.length === 0 ? <p class="empty">It has no task now.</p> : null}
      {data !== undefined && mayChange() ? <ConnectorChanges connector={data} onDone={again} /> : null}
    </Dialog>
  );
};
