import type { SchemaField } from '../../../../operations/schemas/fields.ts';
import type { ShownSchema } from '../../../server/routes/schemas-types.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Json } from '../../parts/json.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { go, pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { CheckSchema } from './check.tsx';
import { DiffVersions } from './diff.tsx';
import { VersionChoice } from './version-choice.tsx';

const FIELDS: readonly Column<SchemaField>[] = [
  { head: 'Field', cell: ({ path }) => <code>{path}</code> },
  { head: 'Type', cell: ({ type }) => type },
  { head: 'Default', wide: true, cell: ({ fallback }) => (fallback === null ? '–' : <code>{fallback}</code>) },
  { head: 'Meaning', cell: ({ doc }) => doc ?? '' },
];

const factsOf = ({ eventType, id, kind, compatibility }: ShownSchema): readonly Fact[] => [
  ['Event type', eventType ?? 'none of the catalog'],
  ['Kind', kind],
  ['Id', id],
  ['Compatibility', compatibility],
];

const SHOWN = ['Fields', 'JSON', 'Diff', 'Check'] as const;

export const SchemaDetails = ({
  subject,
  query,
  onClose,
}: {
  subject: string;
  query: URLSearchParams;
  onClose: () => void;
}) => {
  const number = query.get('version') ?? '';
  const { data, failure, again } = useAnswer<ShownSchema>(pathTo(['schemas', subject], { version: number }));
  const shown = SHOWN.find((name) => name.toLowerCase() === query.get('show')) ?? 'Fields';
  const to = (params: Readonly<Record<string, string>>): string =>
    pathTo(['schemas', subject], { version: number, show: query.get('show') ?? '', ...params });
  return (
    <Dialog drawer title={subject} onClose={onClose}>
      <FailureNote failure={failure} again={again} />
      <VersionChoice
        label="Version"
        versions={data?.versions}
        value={number === '' ? data?.version : Number(number)}
        onChoose={(version) => go(to({ version }))}
      />
      <Facts facts={data && factsOf(data)} awaited={4} />
      <Tabs label="Parts" tabs={SHOWN.map((name) => [name, to({ show: name.toLowerCase() })])} chosen={shown} />
      {shown === 'Fields' ? (
        <div class="wrapping">
          <Table
            label="Fields"
            columns={FIELDS}
            rows={data?.fields}
            awaited={10}
            keyOf={({ path }) => path}
            empty="It is no Avro record, and has no fields here."
          />
        </div>
      ) : null}
      {shown === 'JSON' && data === undefined ? <div class="json awaited" /> : null}
      {shown === 'JSON' && data !== undefined ? <Json label="Schema" value={data.schema} /> : null}
      {shown === 'Diff' && data !== undefined ? <DiffVersions shown={data} query={query} /> : null}
      {shown === 'Check' && data !== undefined ? <CheckSchema key={data.version} shown={data} /> : null}
    </Dialog>
  );
};
