import { TOPICS, type Topic } from '../../../catalog/index.ts';
import { type Activity, activeAmong, crowdOf, recordsWithin } from './activity.ts';
import { hashBytes, keyBytes, numberSetBytes } from './encodings.ts';
import { alike, DAY, HOUR, type KeyKind, type Size, together } from './kind.ts';

/** Owners of a topic's records: those that keep a position for its group. */
const ownersOf = ({ name, partitions }: Topic, seconds: number, activity: Activity): Size['keys'] => {
  const { population: all } = activity;
  const records = recordsWithin(activity, name, seconds);
  const at = (owners: number): number => (owners === 0 ? 0 : owners * -Math.expm1(-records / owners));
  switch (name) {
    case 'analytics-events':
      return (
        activeCount(all.codes, records * activity.style.ofCodes, activity) + activeCount(all.users, records, activity)
      );
    case 'bulk-qr-processing':
    case 'file-processing':
      // Each batch and file is new.
      return records / 2;
    case 'payment-events':
      return at(all.customers) + at(all.users);
    case 'team-collaboration':
      return at(all.teams) + at(all.teams * all.teamMembers);
    case 'content-publishing':
      return at(all.contents) + at(all.codes);
    case 'ecommerce-sync':
      return at(all.products) + at(all.stores) + at(all.users);
    case 'business-automation':
      return at(all.domains) + at(all.users);
    case 'dead-letter-queue':
      return partitions + 1;
    case 'notifications':
    case 'user-lifecycle':
    case 'data-retention':
    case 'audit-logs':
      return at(Math.max(all.members, all.users));
  }
};

const activeCount = (size: number, events: number, { style }: Activity): number =>
  activeAmong(crowdOf(size), events, style.campaigns).reduce((sum, { count }) => sum + count, 0);

/** A low offset and some distances above it, as varints. */
const POSITION_BYTES = 12;
const ID_SECONDS = HOUR;
const HALF_HOUR = HOUR / 2;

/**
 * What says which records have taken effect: one small hash for each owner, event ids of an hour in sets, and a small hash
 * for each partition (docs/architecture.md, "Effects exactly once").
 */
export const BOOKKEEPING: readonly KeyKind[] = [
  {
    name: 'seen:{owner}:GROUP',
    group: 'Bookkeeping',
    pattern: /^seen:\{[^}]*\}:[^:]+$/,
    one: 'owner within two retentions of its topic',
    kept: 2 * 365 * DAY,
    size: (activity) =>
      together(
        TOPICS.map((topic) =>
          alike(
            ownersOf(topic, (2 * topic.retentionMs) / 1_000 + 7 * DAY, activity),
            keyBytes(8 + activity.idLength + topic.consumerGroup.length, true) +
              hashBytes([{ count: 1, name: 2, value: POSITION_BYTES }]),
          ),
        ),
      ),
  },
  {
    name: 'ids:{owner}:GROUP:HALFHOUR',
    group: 'Bookkeeping',
    pattern: /^ids:\{[^}]*\}:[^:]+:.+$/,
    one: 'owner and half an hour, of the last hour',
    kept: ID_SECONDS,
    size: (activity) => together(TOPICS.map((topic) => idsOf(topic, activity))),
  },
  {
    name: 'exceptions:{owner}:GROUP',
    group: 'Bookkeeping',
    pattern: /^exceptions:\{[^}]*\}:[^:]+$/,
    one: 'owner with a dead letter',
    kept: 2 * 365 * DAY,
    size: (activity) =>
      alike(
        recordsWithin(activity, 'dead-letter-queue', 60 * DAY),
        keyBytes(32 + activity.idLength, true) + hashBytes([{ count: 1, name: 6, value: 20 }]),
      ),
  },
  {
    name: 'log:{TOPIC/PARTITION}',
    group: 'Bookkeeping',
    pattern: /^log:\{[^}]*\}/,
    one: 'partition',
    kept: 'until deleted',
    size: () => {
      const partitions = TOPICS.reduce((sum, topic) => sum + topic.partitions, 0);
      return alike(partitions, keyBytes(26, true) + hashBytes([{ count: 5, name: 7, value: 10 }]));
    },
  },
];

/** Sets of a topic's ids: those of the half hour that goes on and of the two before it, which still count for their hour. */
const idsOf = (topic: Topic, activity: Activity): Size => {
  const seconds = Math.min(3 * HALF_HOUR, activity.to - activity.from);
  const halves = Math.max(1, seconds / HALF_HOUR);
  const each = recordsWithin(activity, topic.name, seconds) / halves;
  const name = keyBytes(12 + activity.idLength + topic.consumerGroup.length, true);
  if (topic.name === 'analytics-events') {
    const { population, style } = activity;
    return together(
      activeAmong(crowdOf(population.codes), each * style.ofCodes, style.campaigns).map(({ count, events }) =>
        alike(count * halves, name + numberSetBytes(Math.max(1, events))),
      ),
    );
  }
  const owners = ownersOf(topic, seconds / halves, activity);
  return alike(owners * halves, name + numberSetBytes(Math.max(1, owners === 0 ? 1 : each / owners)));
};
