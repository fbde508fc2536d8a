import { useState } from 'preact/hooks';
import type { TopicReport } from '../../../../operations/topic-report.ts';
import type { TopicGroup } from '../../../../operations/topic-traffic.ts';
import type { TopicConfig } from '../../../../operations/topics.ts';
import { mayChange } from '../../api.ts';
import { bytes, duration, number, rate } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { Icon, LINES } from '../../parts/icon.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { useAnswer } from '../../use-answer.ts';
import { DeleteTopic } from './delete.tsx';

const EVERY_MS = 5_000;

type Partition = TopicReport['partitionDetails'][number];

const PARTITIONS: readonly Column<Partition>[] = [
  { head: 'Partition', right: true, cell: ({ partition }) => partition },
  { head: 'First', right: true, wide: true, cell: ({ begin }) => number(begin) },
  { head: 'End', right: true, cell: ({ end }) => number(end) },
  { head: 'Messages', right: true, cell: ({ begin, end }) => number(end - begin) },
  { head: 'Size', right: true, cell: ({ bytes: size }) => bytes(size) },
  { head: 'Published', right: true, wide: true, cell: ({ recordsPerSecond }) => rate(recordsPerSecond) },
  {
    head: 'In sync',
    wide: true,
    cell: ({ leader, inSync, replicas }) => (
      <Badge tone={leader < 0 || inSync.length < replicas.length ? 'bad' : 'ok'}>
        {leader < 0 ? 'no leader' : `${inSync.length} of ${replicas.length}`}
      </Badge>
    ),
  },
];

const GROUPS: readonly Column<TopicGroup>[] = [
  { head: 'Group', grows: true, cell: ({ group }) => group },
  { head: 'Lag', right: true, cell: ({ lag }) => number(lag) },
  { head: 'Partitions committed', right: true, wide: true, cell: ({ partitionsCommitted }) => partitionsCommitted },
];

const CONFIGS: readonly Column<TopicConfig>[] = [
  { head: 'Setting', cell: ({ name }) => name },
  { head: 'Value', grows: true, cell: ({ value }) => <code>{value === '' ? '""' : value}</code> },
  {
    head: 'Set by',
    wide: true,
    cell: ({ isTopics, isDefault }) => (isTopics ? 'the topic' : isDefault ? 'default' : 'the brokers'),
  },
];

const factsOf = (topic: TopicReport): readonly Fact[] => [
  ['Purpose', topic.purpose],
  ['Key', topic.key],
  ['Event types', topic.eventTypes.join(', ') || null],
  ['Messages', number(topic.messages)],
  ['Size', bytes(topic.bytes)],
  ['Kept', duration(topic.retentionMs)],
  ['Published', `${rate(topic.recordsPerSecond)} in ${topic.rateMinutes} min`],
];

export const TopicDetails = ({ name, onClose }: { name: string; onClose: () => void }) => {
  const { data, failure, again } = useAnswer<TopicReport>(`/topics/${encodeURIComponent(name)}`, EVERY_MS);
  const [isDeleting, setDeleting] = useState(false);
  const [showsAll, setShowsAll] = useState(false);
  const configs = data?.configs.filter(({ isTopics }) => showsAll || isTopics);
  return (
    <Dialog drawer title={name} onClose={onClose}>
      <FailureNote failure={failure} again={again} />
      <Facts facts={data === undefined ? undefined : factsOf(data)} awaited={7} />
      <h3>Consumer groups</h3>
      <Table
        label={`Groups of ${name}`}
        columns={GROUPS}
        rows={data?.groups}
        awaited={1}
        keyOf={({ group }) => group}
        empty="No group reads it."
      />
      <h3>Partitions</h3>
      <Table
        label={`Partitions of ${name}`}
        columns={PARTITIONS}
        rows={data?.partitionDetails}
        awaited={3}
        keyOf={({ partition }) => String(partition)}
        empty="It has none."
      />
      <h3>
        Settings
        <label class="check">
          <input type="checkbox" checked={showsAll} onChange={(event) => setShowsAll(event.currentTarget.checked)} />
          All, not only its own
        </label>
      </h3>
      <Table
        label={`Settings of ${name}`}
        columns={CONFIGS}
        rows={configs}
        awaited={2}
        keyOf={(config) => config.name}
        empty="It has no settings of its own."
      />
      {mayChange() && data !== undefined && !data.internal ? (
        <footer>
          <button type="button" class="danger" onClick={() => setDeleting(true)}>
            <Icon lines={LINES.trash} /> Delete the topic
          </button>
        </footer>
      ) : null}
      {isDeleting && data !== undefined ? (
        <DeleteTopic topic={data} onClose={(isGone) => (isGone ? onClose() : setDeleting(false))} />
      ) : null}
    </Dialog>
  );
};
