import { useState } from 'preact/hooks';
import type { GroupSummary } from '../../../../operations/groups.ts';
import { counted, number, visible } from '../../format.ts';
import { FailureNote } from '../../parts/failure.tsx';
import { Head } from '../../parts/head.tsx';
import { Link } from '../../parts/link.tsx';
import { Search } from '../../parts/search.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { go, pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import type { View, ViewProps } from '../view.ts';
import { GroupDetails } from './details.tsx';
import { GroupState } from './state.tsx';

const EVERY_MS = 5_000;

const COLUMNS: readonly Column<GroupSummary>[] = [
  { head: 'Group', grows: true, cell: ({ group }) => <Link to={pathTo(['groups', group])}>{visible(group)}</Link> },
  { head: 'State', cell: ({ state }) => <GroupState state={state} /> },
  { head: 'Members', right: true, wide: true, cell: ({ members }) => number(members) },
  { head: 'Lag', right: true, cell: ({ lag }) => number(lag) },
  { head: 'Topics', wide: true, cell: ({ topics }) => topics.join(', ') || '–' },
];

const byName = (a: GroupSummary, b: GroupSummary): number => a.group.localeCompare(b.group);

/** What the list may be sorted by; the first is what an operator looks for. */
const ORDERS: Readonly<Record<string, (a: GroupSummary, b: GroupSummary) => number>> = {
  'Most lag first': (a, b) => b.lag - a.lag || byName(a, b),
  'By name': byName,
  'By state': (a, b) => a.state.localeCompare(b.state) || byName(a, b),
  'Most members first': (a, b) => b.members - a.members || byName(a, b),
};

const has = ({ group, state, topics }: GroupSummary, text: string): boolean =>
  [group, state, ...topics].some((each) => each.toLowerCase().includes(text));

const Groups = ({ rest: [name], query }: ViewProps) => {
  const [search, setSearch] = useState('');
  const { data, failure, again } = useAnswer<readonly GroupSummary[]>('/groups', EVERY_MS);
  const order = query.get('order') ?? 'Most lag first';
  const wanted = search.trim().toLowerCase();
  const rows = data?.filter((group) => has(group, wanted)).sort(ORDERS[order] ?? byName);
  const lag = data?.reduce((sum, group) => sum + group.lag, 0) ?? 0;
  return (
    <>
      <Head
        title="Consumer groups"
        aside={data === undefined ? undefined : `${counted(data.length, 'group')}, ${counted(lag, 'message')} behind`}
      >
        <Search label="Find a group" value={search} onInput={setSearch} />
        <select
          aria-label="Order"
          value={order}
          onChange={(event) => go(pathTo(['groups'], { order: event.currentTarget.value }), { replace: true })}
        >
          {Object.keys(ORDERS).map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </Head>
      <FailureNote failure={failure} again={again} />
      <Table
        label="Consumer groups"
        columns={COLUMNS}
        rows={rows}
        awaited={14}
        keyOf={({ group }) => group}
        empty={search === '' ? 'There is no group.' : `No group, topic or state has "${search}" in its name.`}
        onChoose={({ group }) => go(pathTo(['groups', group], { order: query.get('order') ?? undefined }))}
        chosen={name}
      />
      {name === undefined ? null : (
        <GroupDetails
          key={name}
          name={name}
          onClose={() => {
            go(pathTo(['groups'], { order: query.get('order') ?? undefined }));
            again();
          }}
        />
      )}
    </>
  );
};

export const groups: View = {
  id: 'groups',
  title: 'Groups',
  key: 'g',
  icon: 'M6 7.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5zM1.5 13.5c0-2.8 2-4.5 4.5-4.5s4.5 1.7 4.5 4.5M10.5 2.8a2.5 2.5 0 010 4.4M12 9.3c1.6.6 2.5 2.1 2.5 4.2',
  group: 'Streams',
  Show: Groups,
};
