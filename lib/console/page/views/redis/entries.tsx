import { useState } from 'preact/hooks';
import type { StreamEntry } from '../../../../operations/redis-streams/entries.ts';
import type { ListedEntries, ListedEntry } from '../../../server/routes/redis-types.ts';
import { moment } from '../../format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Json } from '../../parts/json.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { go, pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';

const COLUMNS: readonly Column<ListedEntry>[] = [
  { head: 'Time', cell: ({ at, id }) => <span title={at ?? id}>{at === null ? id : moment(at)}</span> },
  { head: 'Id', wide: true, cell: ({ id }) => <code>{id}</code> },
  { head: 'Fields', grows: true, cell: ({ preview }) => <span class="mono dim">{preview}</span> },
];

/** Fields often hold JSON. What would not be written again as it stands (a number of many digits) is shown as it stands. */
const readable = (value: string): unknown => {
  try {
    const parsed: unknown = JSON.parse(value);
    return JSON.stringify(parsed) === value ? parsed : value;
  } catch {
    return value;
  }
};

const Entry = ({ stream, id, onClose }: { stream: string; id: string; onClose: () => void }) => {
  const { data, failure } = useAnswer<StreamEntry>(pathTo(['redis', 'entry'], { key: stream, id }));
  return (
    <Dialog drawer title={`Entry ${id}`} onClose={onClose}>
      <FailureNote failure={failure} />
      {data === undefined && failure === undefined ? <div class="json awaited" /> : null}
      {data?.fields.map(([name, value], i) => (
        <div key={`${String(i)}`}>
          <h3>{name}</h3>
          <Json label={name} value={readable(value)} />
        </div>
      ))}
    </Dialog>
  );
};

/** The entries of a stream, newest first, a page at a time; the place is in the address. */
export const Entries = ({ stream, query }: { stream: string; query: URLSearchParams }) => {
  const [match, time, cursor, id] = ['match', 'time', 'cursor', 'id'].map((name) => query.get(name) ?? '');
  const [typed, setTyped] = useState(time ?? '');
  const asked = pathTo(['redis', 'entries'], { key: stream, time, cursor });
  const { data, failure, again, isLoading } = useAnswer<ListedEntries>(asked);
  const to = (place: Readonly<Record<string, string | undefined>>): void =>
    go(pathTo(['redis'], { match, key: stream, ...place }));
  return (
    <>
      <form
        class="filter"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === time && cursor === '') again();
          else to({ time: typed });
        }}
      >
        <input
          aria-label="Until time"
          placeholder="Until time"
          title="In ISO 8601, for instance 2026-11-24T18:00"
          autoComplete="off"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit">Look</button>
      </form>
      <FailureNote failure={failure} again={again} />
      <Table
        label="Entries"
        columns={COLUMNS}
        rows={failure === undefined ? data?.entries : []}
        awaited={20}
        keyOf={(entry) => entry.id}
        empty="There is no entry here."
        onChoose={(entry) => to({ time, cursor, id: entry.id })}
      />
      <div class="more">
        <button type="button" disabled={cursor === ''} onClick={() => to({ time })}>
          Newest
        </button>
        <button
          type="button"
          disabled={isLoading || data?.cursor == null}
          onClick={() => to({ time, cursor: data?.cursor ?? '' })}
        >
          {data !== undefined && data.cursor === null ? 'That is all' : 'Older'}
        </button>
      </div>
      {id === undefined || id === '' ? null : (
        <Entry key={id} stream={stream} id={id} onClose={() => to({ time, cursor })} />
      )}
    </>
  );
};
