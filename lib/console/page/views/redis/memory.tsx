import type { KeyKind } from '../../../../operations/redis-streams/kinds.ts';
import type { RedisMemory, ServerMemory } from '../../../../operations/redis-streams/memory.ts';
import { bytes, number } from '../../format.ts';
import { FailureNote } from '../../parts/failure.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { useAnswer } from '../../use-answer.ts';

const EVERY_MS = 10_000;

const SERVERS: readonly Column<ServerMemory>[] = [
  { head: 'Server', cell: ({ port }) => (port === null ? '–' : `port ${port}`) },
  { head: 'Used', right: true, cell: ({ usedBytes }) => bytes(usedBytes) },
  { head: 'Peak', right: true, cell: ({ peakBytes }) => bytes(peakBytes) },
  { head: 'Limit', right: true, cell: ({ maxBytes }) => (maxBytes === null ? 'none' : bytes(maxBytes)) },
  { head: 'At the limit', wide: true, cell: ({ policy }) => policy ?? '–' },
  { head: 'Fragmentation', right: true, wide: true, cell: ({ fragmentation }) => fragmentation ?? '–' },
  { head: 'Given up', right: true, wide: true, cell: ({ evicted }) => (evicted === null ? '–' : number(evicted)) },
  { head: 'Keys', right: true, wide: true, cell: ({ keys }) => number(keys) },
];

const KINDS: readonly Column<KeyKind>[] = [
  { head: 'Kind of key', grows: true, cell: ({ name }) => <span class="mono">{name}</span> },
  { head: 'Keys', right: true, cell: ({ keys }) => number(keys) },
  { head: 'Memory', right: true, cell: ({ bytes: size }) => bytes(size) },
];

/** What the servers need, and for which kinds of keys. */
export const Memory = () => {
  const { data, failure, again } = useAnswer<RedisMemory>('/redis/memory', EVERY_MS);
  const kinds = data?.kinds;
  return (
    <div class="memory">
      <FailureNote failure={failure} again={again} />
      <Table
        label="Memory"
        columns={SERVERS}
        rows={data?.servers}
        awaited={1}
        keyOf={({ port }) => String(port)}
        empty="No server told of itself."
      />
      <details>
        <summary>
          Kinds of keys
          <span class="dim">
            {kinds === undefined
              ? ''
              : kinds.looked < kinds.keys
                ? ` by a sample of ${number(kinds.looked)} of ${number(kinds.keys)}`
                : `, ${number(kinds.keys)} keys`}
          </span>
        </summary>
        <Table
          label="Kinds of keys"
          columns={KINDS}
          rows={kinds?.kinds}
          awaited={6}
          keyOf={({ name }) => name}
          empty="There is no key."
        />
      </details>
    </div>
  );
};
