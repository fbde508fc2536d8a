import type { TopicSlot } from '../../../../operations/figures/history.ts';
import { duration, number, rate } from '../../format.ts';
import { lately, slots } from '../../live.ts';
import { Badge } from '../../parts/badge.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { levelsNow } from './series.ts';

const LATELY_SECONDS = 15;

interface Row {
  readonly topic: string;
  readonly now: TopicSlot | undefined;
  readonly lag: number | undefined;
  readonly published: number | undefined;
}

const latency = (ms: number | null | undefined): string => (ms == null ? '–' : duration(ms));

const COLUMNS: readonly Column<Row>[] = [
  { head: 'Topic', grows: true, cell: ({ topic }) => topic },
  {
    head: 'Published',
    right: true,
    wide: true,
    cell: ({ published }) => (published === undefined ? '–' : rate(published)),
  },
  { head: 'Worked', right: true, cell: ({ now }) => rate((now?.done ?? 0) / LATELY_SECONDS) },
  { head: 'Lag', right: true, cell: ({ lag }) => (lag === undefined ? '–' : number(lag)) },
  {
    head: 'Errors',
    right: true,
    wide: true,
    cell: ({ now }) => ((now?.errors ?? 0) > 0 ? <Badge tone="bad">{number(now?.errors ?? 0)}</Badge> : '0'),
  },
  { head: 'p50', right: true, wide: true, cell: ({ now }) => latency(now?.p50) },
  { head: 'p95', right: true, cell: ({ now }) => latency(now?.p95) },
  { head: 'p99', right: true, wide: true, cell: ({ now }) => latency(now?.p99) },
];

/** The topics with their figures of the last seconds; the chosen one is what the charts show. */
export const TopicFigures = ({
  chosen,
  onChoose,
}: {
  chosen: string | undefined;
  onChoose: (topic: string) => void;
}) => {
  const levels = levelsNow(slots.value);
  const known = lately.value?.topics ?? {};
  const names = levels === undefined ? Object.keys(known) : Object.keys(levels.lag);
  const rows = names.map((topic) => ({
    topic,
    now: known[topic],
    lag: levels?.lag[topic],
    published: levels?.published[topic],
  }));
  return (
    <Table
      label="Figures by topic"
      columns={COLUMNS}
      rows={levels === undefined && rows.length === 0 ? undefined : rows}
      awaited={13}
      keyOf={({ topic }) => topic}
      empty="No broker answers."
      onChoose={({ topic }) => onChoose(topic)}
      chosen={chosen}
    />
  );
};
