import { useState } from 'preact/hooks';
import type { TopicSummary } from '../../../../operations/topics.ts';
import { mayChange } from '../../api.ts';
import { counted, duration, number } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Head } from '../../parts/head.tsx';
import { Icon, LINES } from '../../parts/icon.tsx';
import { Link } from '../../parts/link.tsx';
import { Search } from '../../parts/search.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { go, pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import type { View, ViewProps } from '../view.ts';
import { CreateTopic } from './create.tsx';
import { TopicDetails } from './details.tsx';

const EVERY_MS = 5_000;

const COLUMNS: readonly Column<TopicSummary>[] = [
  {
    head: 'Topic',
    grows: true,
    cell: ({ name, internal }) => (
      <>
        <Link to={pathTo(['topics', name])}>{name}</Link> {internal ? <Badge tone="plain">internal</Badge> : null}
      </>
    ),
  },
  { head: 'Partitions', right: true, cell: ({ partitions }) => number(partitions) },
  { head: 'Messages', right: true, cell: ({ messages }) => number(messages) },
  { head: 'Kept', right: true, wide: true, cell: ({ retentionMs }) => duration(retentionMs) },
  { head: 'Consumer group', wide: true, cell: ({ group }) => group ?? '–' },
];

const Topics = ({ rest: [name] }: ViewProps) => {
  const [search, setSearch] = useState('');
  const [internal, setInternal] = useState(false);
  const [isCreating, setCreating] = useState(false);
  const { data, failure, again } = useAnswer<readonly TopicSummary[]>(`/topics?internal=${internal}`, EVERY_MS);
  const rows = data?.filter((topic) => topic.name.includes(search.trim()));
  const back = (): void => {
    go('/topics');
    again();
  };
  return (
    <>
      <Head title="Topics" aside={data === undefined ? undefined : counted(data.length, 'topic')}>
        <Search label="Find a topic" value={search} onInput={setSearch} />
        <label class="check">
          <input type="checkbox" checked={internal} onChange={(event) => setInternal(event.currentTarget.checked)} />
          Internal
        </label>
        {mayChange() ? (
          <button type="button" class="main" onClick={() => setCreating(true)}>
            <Icon lines={LINES.plus} /> Create
          </button>
        ) : null}
      </Head>
      <FailureNote failure={failure} again={again} />
      <Table
        label="Topics"
        columns={COLUMNS}
        rows={rows}
        awaited={13}
        keyOf={(topic) => topic.name}
        empty={search === '' ? 'There is no topic yet.' : `No topic has "${search}" in its name.`}
        onChoose={(topic) => go(pathTo(['topics', topic.name]))}
        chosen={name}
      />
      {name === undefined ? null : <TopicDetails key={name} name={name} onClose={back} />}
      {isCreating ? (
        <CreateTopic
          onClose={(created) => {
            setCreating(false);
            if (created !== undefined) go(pathTo(['topics', created]));
            again();
          }}
        />
      ) : null}
    </>
  );
};

export const topics: View = {
  id: 'topics',
  title: 'Topics',
  key: 't',
  icon: 'M2 3.5h12M2 8h12M2 12.5h12M4.5 2v3M9 6.5v3M11.5 11v3',
  group: 'Streams',
  Show: Topics,
};
