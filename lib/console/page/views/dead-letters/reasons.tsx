import type { LetterGroup } from '../../../../operations/dead-letters/groups.ts';
import type { LetterReasons } from '../../../server/routes/dead-letters-types.ts';
import { moment, number } from '../../format.ts';
import { Link } from '../../parts/link.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { go, pathTo } from '../../router.ts';
import type { Params } from './params.ts';
import { LetterCounts } from './state.tsx';

const columnsOf = (params: Params): readonly Column<LetterGroup>[] => [
  { head: 'Topic', cell: ({ topic }) => <span class="short">{topic}</span> },
  {
    head: 'Reason',
    cell: ({ code }) => (
      <span class="short" title={code}>
        {code}
      </span>
    ),
  },
  { head: 'Letters', right: true, cell: ({ total }) => number(total) },
  { head: 'Status', wide: true, cell: ({ counts }) => <LetterCounts counts={counts} /> },
  {
    head: 'Last failure',
    wide: true,
    cell: ({ lastFailure }) => <span title={lastFailure}>{moment(lastFailure)}</span>,
  },
  {
    head: 'Example',
    grows: true,
    wide: true,
    cell: ({ example: { id, message } }) => (
      <span title={message}>
        <Link to={pathTo(['dead-letters', id], params)}>{id}</Link> <span class="dim">{message}</span>
      </span>
    ),
  },
];

const nothing = (reasons: LetterReasons | undefined): string =>
  reasons === undefined || reasons.meant.length === 0
    ? 'No dead letters.'
    : reasons.meant
        .map(({ name, given, meant }) => `Nothing is known of ${name} ${given}. Did you mean ${meant}?`)
        .join(' ');

/** How many letters there are for which reason; a chosen one leads to its letters. */
export const Reasons = ({
  reasons,
  params,
  search,
}: {
  reasons: LetterReasons | undefined;
  params: Params;
  search: string;
}) => (
  <Table
    label="Dead letters by reason"
    columns={columnsOf(params)}
    rows={reasons?.groups.filter(({ topic, code, example }) =>
      [topic, code, example.id, example.message].some((text) => text.includes(search)),
    )}
    awaited={6}
    keyOf={({ topic, code }) => `${topic}|${code}`}
    empty={search === '' ? nothing(reasons) : `Nothing of them has "${search}".`}
    onChoose={({ topic, code }) => go(pathTo(['dead-letters'], { ...params, topic, reason: code, show: 'each' }))}
  />
);
