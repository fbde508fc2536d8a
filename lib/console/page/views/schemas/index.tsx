import { useState } from 'preact/hooks';
import type { SubjectSummary } from '../../../../operations/schemas/registered.ts';
import { counted, number } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Head } from '../../parts/head.tsx';
import { Link } from '../../parts/link.tsx';
import { Search } from '../../parts/search.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { go, pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import type { View, ViewProps } from '../view.ts';
import { SchemaDetails } from './details.tsx';

/** Each subject is two questions to the registry. */
const EVERY_MS = 60_000;

const COLUMNS: readonly Column<SubjectSummary>[] = [
  {
    head: 'Subject',
    grows: true,
    cell: ({ subject }) => (
      <Link to={pathTo(['schemas', subject])} title={subject}>
        {subject}
      </Link>
    ),
  },
  { head: 'Event type', wide: true, cell: ({ eventType }) => eventType ?? '–' },
  {
    head: 'Versions',
    right: true,
    cell: ({ versions }) =>
      versions.length === 0 ? <Badge tone="warn">not registered</Badge> : number(versions.length),
  },
  { head: 'Newest id', right: true, wide: true, cell: ({ versions }) => versions.at(-1)?.id ?? '–' },
  { head: 'Compatibility', wide: true, cell: ({ compatibility }) => compatibility },
];

const Schemas = ({ rest: [subject], query }: ViewProps) => {
  const [search, setSearch] = useState('');
  const { data, failure, again } = useAnswer<readonly SubjectSummary[]>('/schemas', EVERY_MS);
  const wanted = search.trim().toLowerCase();
  const rows = data?.filter((each) => `${each.subject} ${each.eventType}`.toLowerCase().includes(wanted));
  return (
    <>
      <Head title="Schemas" aside={data === undefined ? undefined : counted(data.length, 'subject')}>
        <Search label="Find a subject" value={search} onInput={setSearch} />
      </Head>
      <FailureNote failure={failure} again={again} />
      <Table
        label="Subjects"
        columns={COLUMNS}
        rows={rows}
        awaited={20}
        keyOf={(each) => each.subject}
        empty={wanted === '' ? 'There is no subject yet.' : `No subject or event type has "${search}" in its name.`}
        onChoose={(each) => go(pathTo(['schemas', each.subject]))}
        chosen={subject}
      />
      {subject === undefined ? null : (
        <SchemaDetails key={subject} subject={subject} query={query} onClose={() => go('/schemas')} />
      )}
    </>
  );
};

export const schemas: View = {
  id: 'schemas',
  title: 'Schemas',
  key: 's',
  icon: 'M4.5 1.5h5L13 5v9.5H4.5zM9.5 1.5V5H13M7 8h3.5M7 11h3.5',
  group: 'Streams',
  Show: Schemas,
};
