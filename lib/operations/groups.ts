import { TOPICS } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import { type Admin, assignmentOf } from '../kafka/index.ts';
import { suggestion } from './nearest.ts';
import { boundsOf } from './topics.ts';

/** One line of the group list. */
export interface GroupSummary {
  readonly group: string;
  /** Kafka's state (`Stable`, `Empty`, `PreparingRebalance`, ...), or `none` for a group that never connected. */
  readonly state: string;
  readonly members: number;
  /** Records published and not yet committed by the group, over all its topics. */
  readonly lag: number;
  readonly topics: readonly string[];
}

export interface GroupPartition {
  readonly topic: string;
  readonly partition: number;
  /** The next offset the group will read; null while it has committed none. */
  readonly committed: number | null;
  readonly begin: number;
  readonly end: number;
  readonly lag: number;
  /** Client id of the member that reads it; null while nobody does. */
  readonly member: string | null;
}

export interface GroupDetail extends GroupSummary {
  readonly memberDetails: readonly { readonly id: string; readonly client: string; readonly host: string }[];
  readonly partitionDetails: readonly GroupPartition[];
}

/** The catalog's groups and what each of them reads. */
const CATALOG = new Map(TOPICS.map(({ consumerGroup, name }) => [consumerGroup, name] as const));

/** Whether a group is one of the product's own. */
export const isCatalogGroup = (group: string): boolean => CATALOG.has(group);

/** States in which no member is connected, so that offsets may be set. */
export const isInactive = (state: string): boolean => ['Empty', 'Dead', 'none'].includes(state);

interface Member {
  readonly id: string;
  readonly client: string;
  readonly host: string;
  readonly assignment: ReadonlyMap<string, readonly number[]>;
}

const membersOf = async (
  admin: Admin,
  groups: readonly string[],
): Promise<Map<string, { state: string; members: readonly Member[] }>> => {
  if (groups.length === 0) return new Map();
  const described = await admin.describeGroups([...groups]);
  return new Map(
    described.groups.map(({ groupId, state, members }) => [
      groupId,
      {
        state: state === 'Dead' ? 'none' : state,
        members: members.map(({ memberId, clientId, clientHost, memberAssignment }) => ({
          id: memberId,
          client: clientId,
          host: clientHost.replace(/^\//, ''),
          assignment: assignmentOf(memberAssignment),
        })),
      },
    ]),
  );
};

/** Bounds of topics, each asked for once however many groups read it. */
const boundsReader = (admin: Admin, existing: readonly string[]) => {
  const known = new Map<string, ReturnType<typeof boundsOf>>();
  return (topic: string): ReturnType<typeof boundsOf> => {
    if (!existing.includes(topic)) return Promise.resolve([]);
    const found = known.get(topic) ?? boundsOf(admin, topic);
    known.set(topic, found);
    return found;
  };
};

/**
 * The partitions a group has to do with. One without a committed offset counts from its beginning when the catalog says
 * that the group reads the topic (its mapping starts at TRIM_HORIZON), and has no lag otherwise.
 */
const partitionsOf = async (
  admin: Admin,
  group: string,
  members: readonly Member[],
  bounds: ReturnType<typeof boundsReader>,
): Promise<GroupPartition[]> => {
  const committed = new Map(
    (await admin.fetchOffsets({ groupId: group })).map(({ topic, partitions }) => [
      topic,
      new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)])),
    ]),
  );
  const catalogTopic = CATALOG.get(group);
  const assigned = members.flatMap(({ assignment }) => [...assignment.keys()]);
  const topics = [
    ...new Set([...(catalogTopic === undefined ? [] : [catalogTopic]), ...committed.keys(), ...assigned]),
  ];
  const rows = await Promise.all(
    topics.map(async (topic) =>
      (await bounds(topic)).flatMap(({ partition, begin, end }): GroupPartition[] => {
        const offset = committed.get(topic)?.get(partition) ?? -1;
        const reader = members.find(({ assignment }) => assignment.get(topic)?.includes(partition) === true);
        if (offset < 0 && topic !== catalogTopic && reader === undefined) return [];
        const from = offset >= 0 ? Math.max(offset, begin) : topic === catalogTopic ? begin : end;
        return [
          {
            topic,
            partition,
            committed: offset < 0 ? null : offset,
            begin,
            end,
            lag: Math.max(0, end - from),
            member: reader?.client ?? null,
          },
        ];
      }),
    ),
  );
  return rows.flat();
};

const detailOf = async (
  admin: Admin,
  group: string,
  found: { state: string; members: readonly Member[] } | undefined,
  bounds: ReturnType<typeof boundsReader>,
): Promise<GroupDetail> => {
  const { state, members } = found ?? { state: 'none', members: [] };
  const partitionDetails = await partitionsOf(admin, group, members, bounds);
  return {
    group,
    state,
    members: members.length,
    lag: partitionDetails.reduce((sum, { lag }) => sum + lag, 0),
    topics: [...new Set(partitionDetails.map(({ topic }) => topic))],
    memberDetails: members.map(({ id, client, host }) => ({ id, client, host })),
    partitionDetails,
  };
};

const connectedGroups = async (admin: Admin): Promise<string[]> =>
  (await admin.listGroups()).groups
    // The workers of Kafka Connect are a group too, and consume nothing.
    .filter(({ protocolType }) => protocolType !== 'connect')
    .map(({ groupId }) => groupId)
    .filter((group) => !CATALOG.has(group));

/** The catalog's groups, whether they ever connected or not, then every other group by name; with their partitions. */
export const groupDetails = async (admin: Admin): Promise<GroupDetail[]> => {
  const [others, existing] = await Promise.all([connectedGroups(admin), admin.listTopics()]);
  const groups = [...CATALOG.keys(), ...others.sort()];
  const described = await membersOf(admin, groups);
  const bounds = boundsReader(admin, existing);
  return Promise.all(groups.map((group) => detailOf(admin, group, described.get(group), bounds)));
};

/** The same groups, each in one line. */
export const listGroups = async (admin: Admin): Promise<GroupSummary[]> =>
  (await groupDetails(admin)).map(({ memberDetails: _, partitionDetails: __, ...summary }) => summary);

/** Where the catalog's groups are on their topics, without asking who their members are: cheap enough to ask every second. */
export const catalogProgress = async (admin: Admin): Promise<readonly GroupPartition[]> => {
  const bounds = boundsReader(admin, [...CATALOG.values()]);
  return (await Promise.all([...CATALOG.keys()].map((group) => partitionsOf(admin, group, [], bounds)))).flat();
};

/** @throws StreamError NOT_FOUND when neither the broker nor the catalog knows the group */
export const describeGroup = async (admin: Admin, group: string): Promise<GroupDetail> => {
  const others = await connectedGroups(admin);
  if (!CATALOG.has(group) && !others.includes(group)) {
    throw new StreamError('NOT_FOUND', `There is no consumer group ${group}.`, {
      next: suggestion(group, [...CATALOG.keys(), ...others]) ?? 'See them all: ./stream-manager.sh groups',
    });
  }
  const [described, existing] = await Promise.all([membersOf(admin, [group]), admin.listTopics()]);
  return detailOf(admin, group, described.get(group), boundsReader(admin, existing));
};
