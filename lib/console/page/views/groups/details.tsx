import { useState } from 'preact/hooks';
import type { TimedGroup } from '../../../../operations/lag.ts';
import { mayChange } from '../../api.ts';
import { counted, duration, number, visible } from '../../format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { FailureNote } from '../../parts/failure.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { pathTo } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { ResetGroup } from './reset.tsx';
import { GroupState } from './state.tsx';

/** To find out how old what is unread is takes a look at the records themselves. */
const EVERY_MS = 10_000;

type Partition = TimedGroup['partitionDetails'][number];
type Member = TimedGroup['memberDetails'][number] & { readonly partitions: number };

const MEMBERS: readonly Column<Member>[] = [
  {
    head: 'Member',
    grows: true,
    cell: ({ id }) => (
      <span class="mono" title={id}>
        {id}
      </span>
    ),
  },
  { head: 'Host', wide: true, cell: ({ host }) => host },
  { head: 'Partitions', right: true, cell: ({ partitions }) => number(partitions) },
];

const TOPIC: Column<Partition> = {
  head: 'Topic',
  cell: ({ topic }) => (
    <span class="short" title={topic}>
      {topic}
    </span>
  ),
};

const PARTITIONS: readonly Column<Partition>[] = [
  { head: 'Partition', right: true, cell: ({ partition }) => partition },
  { head: 'Offset', right: true, cell: ({ committed }) => (committed === null ? '–' : number(committed)) },
  { head: 'End', right: true, wide: true, cell: ({ end }) => number(end) },
  { head: 'Lag', right: true, cell: ({ lag }) => number(lag) },
  { head: 'Lag time', right: true, cell: ({ lagMs }) => (lagMs === null ? '–' : duration(lagMs)) },
  { head: 'Read by', wide: true, grows: true, cell: ({ member }) => <span title={member ?? ''}>{member ?? '–'}</span> },
];

/** Most groups read one topic, which need not be said of each partition. */
const columnsOf = ({ topics }: TimedGroup): readonly Column<Partition>[] =>
  topics.length > 1 ? [TOPIC, ...PARTITIONS] : PARTITIONS;

const factsOf = ({ state, members, lag, lagMs, topics }: TimedGroup): readonly Fact[] => [
  [
    'State',
    <>
      <GroupState key="state" state={state} /> {state === 'none' ? 'it never connected' : null}
    </>,
  ],
  [topics.length === 1 ? 'Topic' : 'Topics', topics.join(', ') || '–'],
  ['Members', number(members)],
  ['Lag', `${counted(lag, 'message')}${lagMs === null ? '' : `, the oldest ${duration(lagMs)} old`}`],
];

const membersOf = ({ memberDetails, partitionDetails }: TimedGroup): readonly Member[] =>
  memberDetails.map((member) => ({
    ...member,
    partitions: partitionDetails.filter((each) => each.member === member.client).length,
  }));

export const GroupDetails = ({ name, onClose }: { name: string; onClose: () => void }) => {
  const { data, failure, again } = useAnswer<TimedGroup>(pathTo(['groups', name]), EVERY_MS);
  const [isResetting, setResetting] = useState(false);
  return (
    <Dialog drawer title={visible(name)} onClose={onClose}>
      <FailureNote failure={failure} again={again} />
      <Facts facts={data && factsOf(data)} awaited={4} />
      {mayChange() && data !== undefined && data.topics.length > 0 ? (
        <footer>
          <button type="button" onClick={() => setResetting(true)}>
            Reset offsets
          </button>
        </footer>
      ) : null}
      <h3>Partitions</h3>
      <Table
        label={`Partitions of ${name}`}
        columns={data === undefined ? PARTITIONS : columnsOf(data)}
        rows={data?.partitionDetails}
        awaited={5}
        keyOf={({ topic, partition }) => `${topic}/${partition}`}
        empty="It has committed nothing."
      />
      <h3>Members</h3>
      <Table
        label={`Members of ${name}`}
        columns={MEMBERS}
        rows={data && membersOf(data)}
        awaited={1}
        keyOf={({ id }) => id}
        empty="Nobody is connected."
      />
      {isResetting && data !== undefined ? (
        <ResetGroup
          group={name}
          topics={data.topics}
          onClose={() => {
            setResetting(false);
            again();
          }}
        />
      ) : null}
    </Dialog>
  );
};
