import { useEffect, useState } from 'preact/hooks';
import type { Batch } from '../../../../../handlers/bulk-qr-processing/batch-state.ts';
import { mayChange } from '../../api.ts';
import { bytes, duration, moment, number } from '../../format.ts';
import { Head } from '../../parts/head.tsx';
import { Icon, LINES } from '../../parts/icon.tsx';
import { Search } from '../../parts/search.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { go, pathTo } from '../../router.ts';
import type { View, ViewProps } from '../view.ts';
import { CreateBatch } from './create.tsx';
import { BatchDetails } from './details.tsx';
import { BatchProgress, StateBadge } from './state.tsx';

const took = ({ requestedAt, completedAt, failedAt }: Batch): string => {
  const end = completedAt ?? failedAt;
  return end === undefined ? '–' : duration(Date.parse(end) - Date.parse(requestedAt));
};

const COLUMNS: readonly Column<Batch>[] = [
  { head: 'Requested', cell: ({ requestedAt }) => <span title={requestedAt}>{moment(requestedAt)}</span> },
  { head: 'Batch', grows: true, cell: ({ batchId }) => <span class="mono">{batchId}</span> },
  { head: 'User', wide: true, cell: ({ userId }) => <span class="short">{userId}</span> },
  { head: 'State', wide: true, cell: ({ state }) => <StateBadge state={state} /> },
  { head: 'Progress', cell: (batch) => <BatchProgress batch={batch} /> },
  { head: 'Took', right: true, wide: true, cell: took },
  { head: 'Zip', right: true, wide: true, cell: ({ zipBytes }) => (zipBytes === undefined ? '–' : bytes(zipBytes)) },
];

/** The newest batches, as they move on. */
const useBatches = (): readonly Batch[] | undefined => {
  const [batches, setBatches] = useState<readonly Batch[] | undefined>(undefined);
  useEffect(() => {
    const stream = new EventSource('/api/batches/live');
    stream.addEventListener('batches', ({ data }) => setBatches(JSON.parse(data)));
    return () => stream.close();
  }, []);
  return batches;
};

const Batches = ({ rest: [id] }: ViewProps) => {
  const batches = useBatches();
  const [search, setSearch] = useState('');
  const [isCreating, setCreating] = useState(false);
  const wanted = search.trim();
  const rows = batches?.filter(({ batchId, userId }) => batchId.includes(wanted) || userId.includes(wanted));
  return (
    <>
      <Head title="Batches" aside={batches === undefined ? undefined : `the newest ${number(batches.length)}`}>
        <Search label="Find a batch or user" value={search} onInput={setSearch} />
        {mayChange() ? (
          <button type="button" class="main" onClick={() => setCreating(true)}>
            <Icon lines={LINES.plus} /> Demo batch
          </button>
        ) : null}
      </Head>
      <Table
        label="Batches"
        columns={COLUMNS}
        rows={rows}
        awaited={6}
        keyOf={({ batchId }) => batchId}
        empty={wanted === '' ? 'No batch was requested yet.' : `None of them has "${wanted}" in its id or user.`}
        onChoose={({ batchId }) => go(pathTo(['batches', batchId]))}
        chosen={id}
      />
      {id === undefined ? null : (
        <BatchDetails
          key={id}
          id={id}
          known={batches?.find(({ batchId }) => batchId === id)}
          onClose={() => go('/batches')}
        />
      )}
      {isCreating ? <CreateBatch onClose={() => setCreating(false)} /> : null}
    </>
  );
};

export const batches: View = {
  id: 'batches',
  title: 'Batches',
  key: 'b',
  icon: 'M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h1.5M13.5 9.5v2M9.5 13.5h2M13.5 13.5h0',
  group: 'Work',
  Show: Batches,
};
