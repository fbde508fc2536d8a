import type { StreamConsumer, StreamGroup } from '../../../../operations/redis-streams/groups.ts';
import type { StreamSummary } from '../../../../operations/redis-streams/summary.ts';
import { bytes, duration, number } from '../../format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { Entries } from './entries.tsx';

const EVERY_MS = 5_000;

type Stream = StreamSummary & { readonly readers: readonly StreamGroup[] };

const factsOf = (stream: Stream): readonly Fact[] => [
  ['Entries', number(stream.entries)],
  ['First', stream.firstId === null ? 'none' : `${stream.firstId}, ${stream.firstAt ?? ''}`],
  ['Last', stream.lastId === null ? 'none' : `${stream.lastId}, ${stream.lastAt ?? ''}`],
  ['Memory', bytes(stream.bytes)],
  ['Forgotten in', stream.endsInMs === null ? 'never' : duration(stream.endsInMs)],
];

const GROUPS: readonly Column<StreamGroup>[] = [
  { head: 'Group', grows: true, cell: ({ name }) => name },
  { head: 'Consumers', right: true, wide: true, cell: ({ consumers }) => number(consumers.length) },
  { head: 'Pending', right: true, cell: ({ pending }) => number(pending) },
  { head: 'Lag', right: true, cell: ({ lag, lagIsMore }) => `${number(lag)}${lagIsMore ? ' or more' : ''}` },
  { head: 'Delivered up to', wide: true, cell: ({ lastDeliveredId }) => <code>{lastDeliveredId}</code> },
];

type Reader = StreamConsumer & { readonly group: string };

const READERS: readonly Column<Reader>[] = [
  { head: 'Consumer', grows: true, cell: ({ name }) => name },
  { head: 'Group', wide: true, cell: ({ group }) => group },
  { head: 'Pending', right: true, cell: ({ pending }) => number(pending) },
  { head: 'Silent for', right: true, cell: ({ idleMs }) => duration(idleMs) },
];

const readersOf = (groups: readonly StreamGroup[]): readonly Reader[] =>
  groups.flatMap(({ name, consumers }) => consumers.map((consumer) => ({ ...consumer, group: name })));

export const StreamDetails = ({
  stream,
  query,
  onClose,
}: {
  stream: string;
  query: URLSearchParams;
  onClose: () => void;
}) => {
  const { data, failure, again } = useAnswer<Stream>(pathTo(['redis', 'stream'], { key: stream }), EVERY_MS);
  const readers = readersOf(data?.readers ?? []);
  if (data === undefined && failure !== undefined) {
    return (
      <Dialog drawer title={stream} onClose={onClose}>
        <FailureNote failure={failure} again={again} />
      </Dialog>
    );
  }
  return (
    <Dialog drawer title={stream} onClose={onClose}>
      <FailureNote failure={failure} again={again} />
      <Facts facts={data && factsOf(data)} awaited={5} />
      {data === undefined || data.readers.length === 0 ? null : (
        <>
          <h3>Groups</h3>
          <Table label="Groups" columns={GROUPS} rows={data.readers} keyOf={({ name }) => name} empty="It has none." />
          <h3>Consumers</h3>
          <Table
            label="Consumers"
            columns={READERS}
            rows={readers}
            keyOf={({ group, name }) => `${group} ${name}`}
            empty="Nobody has read yet."
          />
        </>
      )}
      <h3>Entries</h3>
      <Entries stream={stream} query={query} />
    </Dialog>
  );
};
