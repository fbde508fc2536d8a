import type { Letter } from '../../../../stores/dead-letters/letter.ts';
import { moment, number } from '../../format.ts';
import { type Column, Table } from '../../parts/table.tsx';
import { go, pathTo } from '../../router.ts';
import type { Params } from './params.ts';
import { LetterState } from './state.tsx';
import type { Letters } from './use-letters.ts';

const COLUMNS: readonly Column<Letter>[] = [
  {
    head: 'Last failure',
    wide: true,
    cell: ({ lastFailure }) => <span title={lastFailure}>{moment(lastFailure)}</span>,
  },
  {
    head: 'Letter',
    cell: ({ id }) => (
      <span class="mono letter" title={id}>
        {id}
      </span>
    ),
  },
  { head: 'Status', cell: ({ status }) => <LetterState status={status} /> },
  {
    head: 'Reason',
    wide: true,
    cell: ({ code }) => (
      <span class="short" title={code}>
        {code}
      </span>
    ),
  },
  { head: 'Tries', right: true, wide: true, cell: ({ attempts }) => number(attempts) },
  {
    head: 'Message',
    grows: true,
    cell: ({ message }) => (
      <span class="dim" title={message}>
        {message}
      </span>
    ),
  },
];

/** Each letter by itself, the newest first. */
export const LetterList = ({
  pages,
  params,
  search,
  chosen,
}: {
  pages: Letters;
  params: Params;
  search: string;
  chosen: string | undefined;
}) => {
  const { letters, hasMore, isLooking, more } = pages;
  return (
    <>
      <Table
        label="Dead letters"
        columns={COLUMNS}
        rows={letters?.filter(({ id, code, message }) => [id, code, message].some((text) => text.includes(search)))}
        awaited={12}
        keyOf={({ id }) => id}
        empty={search === '' ? 'No dead letters.' : `None of those that are shown has "${search}".`}
        onChoose={({ id }) => go(pathTo(['dead-letters', id], params))}
        chosen={chosen}
      />
      <div class="more">
        <button type="button" disabled={!hasMore || isLooking} onClick={more}>
          {isLooking ? 'Looking …' : hasMore ? 'Look on' : 'That is all'}
        </button>
      </div>
    </>
  );
};
