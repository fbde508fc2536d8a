import { useState } from 'preact/hooks';
import type { Connectors as Answer, ListedConnector } from '../../../server/routes/connectors-types.ts';
import { bytes, counted } from '../../format.ts';
import { FailureNote } from '../../parts/failure.tsx';
import { Head } from '../../parts/head.tsx';
import { Link } from '../../parts/link.tsx';
import { Search } from '../../parts/search.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { go, pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import type { View, ViewProps } from '../view.ts';
import { ConnectorDetails } from './details.tsx';
import { StateBadge } from './state.tsx';

const EVERY_MS = 3_000;

const tasksOf = ({ tasks }: ListedConnector): string => {
  const running = tasks.filter(({ state }) => state === 'RUNNING').length;
  return `${running} of ${tasks.length}`;
};

const COLUMNS: readonly Column<ListedConnector>[] = [
  { head: 'Connector', cell: ({ name }) => <Link to={pathTo(['connectors', name])}>{name}</Link> },
  { head: 'Type', wide: true, cell: ({ type }) => type },
  { head: 'State', cell: ({ state }) => <StateBadge state={state} /> },
  { head: 'Tasks running', right: true, wide: true, cell: tasksOf },
  { head: 'Slot behind', right: true, wide: true, cell: ({ slot }) => (slot === null ? '–' : bytes(slot.lagBytes)) },
  { head: 'Why', grows: true, cell: ({ why }) => <span title={why ?? undefined}>{why ?? ''}</span> },
];

/** Nothing is wrong: the stack was started without it. */
const Without = () => (
  <div class="without">
    <p>This stack runs without Kafka Connect. It is brought up beside what runs already by:</p>
    <pre>./stream-manager.sh start --with connect</pre>
  </div>
);

const Connectors = ({ rest: [name] }: ViewProps) => {
  const [search, setSearch] = useState('');
  const { data, failure, again } = useAnswer<Answer>('/connectors', EVERY_MS);
  const rows = data?.connectors.filter((each) => each.name.includes(search.trim()));
  const back = (): void => {
    go('/connectors');
    again();
  };
  return (
    <>
      <Head title="Connectors" aside={data?.isPart ? counted(data.connectors.length, 'connector') : undefined}>
        <Search label="Find a connector" value={search} onInput={setSearch} />
      </Head>
      <FailureNote failure={failure} again={again} />
      {data?.slotFault == null ? null : (
        <div class="failure" role="alert">
          <strong>PostgreSQL keeps its log: {data.slotFault}.</strong>
        </div>
      )}
      {data?.isPart === false ? (
        <Without />
      ) : (
        <Table
          label="Connectors"
          columns={COLUMNS}
          rows={rows}
          awaited={4}
          keyOf={(each) => each.name}
          empty={
            search === ''
              ? 'There is no connector. Apply them: ./stream-manager.sh connectors apply'
              : 'None has that in its name.'
          }
          onChoose={(each) => go(pathTo(['connectors', each.name]))}
          chosen={name}
        />
      )}
      {name === undefined ? null : <ConnectorDetails key={name} name={name} onClose={back} />}
    </>
  );
};

export const connectors: View = {
  id: 'connectors',
  title: 'Connectors',
  key: 'c',
  icon: 'M5.5 1.5v3M10.5 1.5v3M4 4.5h8v3a4 4 0 01-8 0zM8 11.5v3',
  group: 'Streams',
  Show: Connectors,
};
