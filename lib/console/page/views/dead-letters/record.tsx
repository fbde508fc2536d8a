import type { ShownRecord } from '../../../../operations/dead-letters/shown.ts';
import { Badge } from '../../parts/badge.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Json } from '../../parts/json.tsx';
import { type Column, Table } from '../../parts/table.tsx';

type Header = readonly [name: string, value: string];

const HEADERS: readonly Column<Header>[] = [
  { head: 'Header', cell: ([name]) => <span class="short">{name}</span> },
  {
    head: 'Value',
    grows: true,
    cell: ([, value]) => (
      <span class="mono" title={value}>
        {value}
      </span>
    ),
  },
];

/** A record of a letter, decoded as far as it can be. */
export const LetterRecord = ({ title, record }: { title: string; record: ShownRecord }) => (
  <>
    <h3>{title}</h3>
    <Facts
      facts={[
        ['Key', record.key === null ? <span class="dim">none</span> : <code>{record.key}</code>],
        [
          'Format',
          <>
            {record.schema ?? record.format}{' '}
            {record.problem === null ? null : <Badge tone="bad">{record.problem}</Badge>}
          </>,
        ],
      ]}
    />
    <Json label={title} value={record.value} />
    <h3>Headers</h3>
    <Table
      label={`Headers, ${title.toLowerCase()}`}
      columns={HEADERS}
      rows={Object.entries(record.headers)}
      keyOf={([name]) => name}
      empty="It has none."
    />
  </>
);
