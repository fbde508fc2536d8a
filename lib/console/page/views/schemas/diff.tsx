import type { FieldChange } from '../../../../operations/schemas/changes.ts';
import type { SchemaDiff, ShownSchema } from '../../../server/routes/schemas-types.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { go, pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { VersionChoice } from './version-choice.tsx';

const TONES: Readonly<Record<FieldChange['kind'], Tone>> = {
  added: 'ok',
  removed: 'bad',
  type: 'warn',
  default: 'warn',
  doc: 'plain',
};

const COLUMNS: readonly Column<FieldChange>[] = [
  { head: 'Field', cell: ({ path }) => (path === '' ? 'the record' : <code>{path}</code>) },
  { head: 'Change', cell: ({ kind }) => <Badge tone={TONES[kind]}>{kind}</Badge> },
  { head: 'From', cell: ({ from }) => from ?? '–' },
  { head: 'To', cell: ({ to }) => to ?? '–' },
];

/** Two versions beside each other: those of the address, else the newest two. */
export const DiffVersions = ({ shown, query }: { shown: ShownSchema; query: URLSearchParams }) => {
  const { subject, versions } = shown;
  const numberIn = (name: string): number | undefined => {
    const given = query.get(name);
    return given === null ? undefined : Number(given);
  };
  const from = numberIn('from') ?? versions.at(-2)?.version;
  const to = numberIn('to') ?? versions.at(-1)?.version;
  const path = from === undefined ? undefined : pathTo(['schemas', subject, 'diff'], { from, to });
  const { data, failure, again } = useAnswer<SchemaDiff>(path);
  const choose = (pair: Readonly<Record<string, string>>): void => {
    const version = query.get('version') ?? '';
    go(pathTo(['schemas', subject], { version, show: 'diff', from, to, ...pair }));
  };
  if (from === undefined) return <p class="empty">It has one version only; there is nothing to compare it with.</p>;
  return (
    <>
      <div class="choices">
        <VersionChoice
          label="From"
          versions={versions}
          value={from}
          onChoose={(version) => choose({ from: version })}
        />
        <VersionChoice label="To" versions={versions} value={to} onChoose={(version) => choose({ to: version })} />
      </div>
      <FailureNote failure={failure} again={again} />
      <div class="wrapping">
        <Table
          label="Changes"
          columns={COLUMNS}
          rows={failure === undefined ? data?.changes : []}
          awaited={3}
          keyOf={({ path: field, kind }) => `${field} ${kind}`}
          empty="No difference in what is read or written."
        />
      </div>
    </>
  );
};
