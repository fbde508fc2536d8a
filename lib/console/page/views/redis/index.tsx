import { useState } from 'preact/hooks';
import type { StreamSummary } from '../../../../operations/redis-streams/summary.ts';
import { bytes, counted, duration, moment, number } from '../../format.ts';
import { FailureNote } from '../../parts/failure.tsx';
import { Head } from '../../parts/head.tsx';
import { Icon, LINES } from '../../parts/icon.tsx';
import { Link } from '../../parts/link.tsx';
import { Search } from '../../parts/search.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { go, pathTo } from '../../router.ts';
import type { View, ViewProps } from '../view.ts';
import { StreamDetails } from './details.tsx';
import { Memory } from './memory.tsx';
import { useStreams } from './use-streams.ts';

const time = (at: string | null) => (at === null ? '–' : <span title={at}>{moment(at)}</span>);

const COLUMNS: readonly Column<StreamSummary>[] = [
  {
    head: 'Stream',
    grows: true,
    cell: ({ key }) => (
      <Link to={pathTo(['redis'], { key })} title={key}>
        {key}
      </Link>
    ),
  },
  { head: 'Entries', right: true, cell: ({ entries }) => number(entries) },
  { head: 'First', right: true, wide: true, cell: ({ firstAt }) => time(firstAt) },
  { head: 'Last', right: true, cell: ({ lastAt }) => time(lastAt) },
  { head: 'Groups', right: true, wide: true, cell: ({ groups }) => number(groups) },
  { head: 'Memory', right: true, wide: true, cell: ({ bytes: size }) => bytes(size) },
  {
    head: 'Forgotten in',
    right: true,
    wide: true,
    cell: ({ endsInMs }) => (endsInMs === null ? 'never' : duration(endsInMs)),
  },
];

const Redis = ({ query }: ViewProps) => {
  const key = query.get('key') ?? undefined;
  const match = query.get('match') ?? '';
  const [typed, setTyped] = useState(match);
  const { streams, looked, keys, hasMore, isLooking, failure, more, again } = useStreams(match);
  const open = (chosen?: string): void => go(pathTo(['redis'], { match, key: chosen }));
  const find = (): void => {
    if (typed.trim() === match) again();
    else go(pathTo(['redis'], { match: typed.trim() }));
  };
  return (
    <>
      <Head title="Redis" aside={streams === undefined ? undefined : counted(streams.length, 'stream')}>
        <form
          class="find"
          onSubmit={(event) => {
            event.preventDefault();
            find();
          }}
        >
          <Search label="User or part of a key" value={typed} onInput={setTyped} />
          <button type="submit" aria-label="Look" title="Look (Enter)" class="square">
            <Icon lines={LINES.refresh} />
          </button>
        </form>
      </Head>
      <FailureNote failure={failure} again={again} />
      <Memory />
      <Table
        label="Redis streams"
        columns={COLUMNS}
        rows={streams}
        awaited={6}
        keyOf={(stream) => stream.key}
        empty={
          match === '' ? 'There is no stream among the keys looked at.' : 'None of those looked at has it in its key.'
        }
        onChoose={(stream) => open(stream.key)}
        chosen={key}
      />
      <div class="more">
        <span class="dim">
          {streams === undefined
            ? ' '
            : hasMore
              ? `Stopped after ${number(looked)} of ${number(keys)} keys.`
              : `All ${number(keys)} keys were looked at.`}
        </span>
        <button type="button" disabled={!hasMore || isLooking} onClick={more}>
          {isLooking ? 'Looking …' : hasMore ? 'Look on' : 'That is all'}
        </button>
      </div>
      {key === undefined ? null : <StreamDetails key={key} stream={key} query={query} onClose={() => open()} />}
    </>
  );
};

export const redis: View = {
  id: 'redis',
  title: 'Redis',
  key: 'r',
  icon: 'M2 4c0-1.4 2.7-2.5 6-2.5S14 2.6 14 4 11.3 6.5 8 6.5 2 5.4 2 4zM2 4v8c0 1.4 2.7 2.5 6 2.500s6-1.1 6-2.5V4M2 8c0 1.4 2.7 2.5 6 2.500s6-1.1 6-2.5',
  group: 'Stores',
  Show: Redis,
};
