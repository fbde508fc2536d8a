import { type Activity, recordsWithin } from './activity.ts';
import { hashBytes, listBytes, NUMBER_BYTES, setBytes, sortedSetBytes, streamBytes, stringBytes } from './encodings.ts';
import { DAY, HOUR, type KeyKind } from './kind.ts';
import { kindOf, perRecord, type Row, single, spread } from './rows.ts';

/**
 * Kinds of keys that everything but scans writes. Lengths and shares, such as 0.77 messages told for each record of
 * notifications, were measured by `simulate --rate 150 --minutes 0.7 --seed 7` on 2026-11-30.
 */

/** Milliseconds since 1970. */
const TIME = 1.7e12;
const MONTH = 30 * DAY;

/** Records of which each makes something that its user sees at once; of scans and audit records none does. */
const seenByUsers = (activity: Activity): number =>
  0.8 *
  (recordsWithin(activity, 'notifications', MONTH) +
    recordsWithin(activity, 'payment-events', MONTH) +
    recordsWithin(activity, 'team-collaboration', MONTH) +
    recordsWithin(activity, 'ecommerce-sync', MONTH) +
    recordsWithin(activity, 'content-publishing', MONTH) +
    recordsWithin(activity, 'user-lifecycle', MONTH) +
    recordsWithin(activity, 'bulk-qr-processing', MONTH));

/** A hash of JSON texts. */
const texts = (name: number, value: number) => (count: number) => hashBytes([{ count, name, value }]);
const ids = (count: number, { idLength }: Activity): number => setBytes(count, idLength);
const sortedIds = (count: number, { idLength }: Activity): number => sortedSetBytes(count, idLength, TIME);

/** Entries kept of a user's updates, about: nodes go as a whole. */
const MOST_UPDATES = 1_010;
const NUDGES = 10_000;

const UPDATES: readonly Row[] = [
  {
    group: 'Updates',
    name: 'updates:USER',
    one: 'user of the last 30 days',
    kept: MONTH,
    of: (activity) => {
      const { users, teams, teamMembers, members } = activity.population;
      return spread(seenByUsers(activity), users + teams * teamMembers + members, MOST_UPDATES);
    },
    value: (count, { isRedis7 }) => streamBytes({ count, values: 202, names: 14 }, isRedis7),
  },
  {
    group: 'Updates',
    name: 'updates-feed',
    one: 'system',
    of: (activity) => ({ keys: 1, elements: Math.min(NUDGES, seenByUsers(activity)) }),
    value: (count, { isRedis7 }) => streamBytes({ count, values: 6, names: 8 }, isRedis7),
  },
];

const NOTIFICATIONS: readonly Row[] = [
  {
    group: 'Notifications',
    name: 'notify:{user}:told',
    one: 'user told something within 30 days',
    kept: MONTH,
    of: (activity) => {
      const { users, teams, teamMembers, members } = activity.population;
      return spread(0.77 * recordsWithin(activity, 'notifications', MONTH), users + teams * teamMembers + members);
    },
    value: (count) => sortedSetBytes(count, 31, TIME),
  },
  {
    group: 'Notifications',
    name: 'notify:{user}:preferences',
    one: 'user with preferences',
    of: (activity) => {
      const { users, members } = activity.population;
      // Whoever registers has some; others once they change them.
      return single(members + spread(0.06 * recordsWithin(activity, 'notifications'), users).keys);
    },
    value: () => hashBytes([{ count: 2, name: 6, value: 15 }]),
  },
  {
    group: 'Notifications',
    name: 'notify:{user}:unsubscribed',
    one: 'user who has unsubscribed, taken for one of a hundred',
    of: ({ population }) => single(population.users / 100),
    value: () => setBytes(1, 14),
  },
  {
    group: 'Notifications',
    name: 'notify:{user}:endpoints',
    one: 'user with a webhook that fails, taken for one of a thousand',
    of: ({ population }) => single(population.users / 1_000),
    value: () => hashBytes([{ count: 3, name: 25, value: 20 }]),
  },
  {
    group: 'Notifications',
    name: 'suppressed:{address}',
    one: 'address that takes nothing any more',
    of: perRecord('notifications', 0.0008),
    value: () => hashBytes([{ count: 2, name: 3, value: 16 }]) + 20,
  },
  {
    group: 'Notifications',
    name: 'counts:{notifications:DAY}',
    ids: 1,
    one: 'day',
    kept: 35 * DAY,
    of: ({ from, to }) => single(Math.min(35, Math.ceil((to - from) / DAY))),
    value: () => hashBytes([{ count: 8, name: 14, value: { number: 5_000 } }]),
  },
];

/** Twice the retention of the topic. */
const PROVIDER_EVENT = 180 * DAY;

const PAYMENTS: readonly Row[] = [
  {
    group: 'Payments',
    name: 'payment-event:{customer}:EVENT',
    one: 'event of the payment provider',
    kept: PROVIDER_EVENT,
    of: perRecord('payment-events', 0.7, PROVIDER_EVENT),
    value: () => stringBytes(18),
  },
  {
    group: 'Payments',
    name: 'payments:{customer}',
    one: 'customer',
    of: (activity) => spread(0.28 * recordsWithin(activity, 'payment-events'), activity.population.customers),
    value: texts(18, 170),
  },
  {
    group: 'Payments',
    name: 'ledger:{customer}',
    one: 'customer',
    of: (activity) => spread(0.3 * recordsWithin(activity, 'payment-events'), activity.population.customers),
    value: (count) => listBytes(count, 372),
  },
  {
    group: 'Payments',
    name: 'ledger-balances:{customer}',
    one: 'customer',
    of: ({ population }) => single(population.customers * 0.9),
    value: () => hashBytes([{ count: 3, name: 10, value: { number: 20_000 } }]),
  },
  {
    group: 'Payments',
    name: 'subscriptions:{customer}',
    one: 'customer',
    of: ({ population }) => single(population.customers),
    value: texts(23, 265),
  },
  {
    group: 'Payments',
    name: 'payment-grants:{customer}',
    one: 'customer',
    of: ({ population }) => single(population.customers),
    value: texts(14, 265),
  },
  {
    group: 'Payments',
    name: 'payment-lapses:{customer}',
    one: 'customer who has not paid, taken for one of fifty',
    of: ({ population }) => single(population.customers / 50),
    value: () => hashBytes([{ count: 1, name: 18, value: 13 }]),
  },
  {
    group: 'Payments',
    name: 'restoring:{customer}',
    one: 'customer just restored',
    kept: 60,
    of: () => single(0),
    value: () => NUMBER_BYTES,
  },
  {
    group: 'Payments',
    name: 'customers-of:{user}',
    one: 'user who is a customer',
    of: ({ population: { customers, users } }) => spread(customers, Math.max(users, customers / 3)),
    value: ids,
  },
  {
    group: 'Payments',
    name: 'entitlements:{user}',
    one: 'user who is a customer',
    of: ({ population: { customers, users } }) => spread(customers * 2, Math.max(users, customers / 3) * 0.8),
    value: (count) => hashBytes([{ count, name: 24, value: 4 }]),
  },
];

const SHOPS: readonly Row[] = [
  {
    group: 'Shops',
    name: 'product:{store:SKU}:SKU',
    ids: 3,
    one: 'product',
    of: ({ population }) => single(population.products),
    value: () => stringBytes(493),
  },
  {
    group: 'Shops',
    name: 'orders:{store:SKU}:SKU',
    ids: 3,
    one: 'product ordered within 30 days',
    kept: MONTH,
    of: (activity) =>
      spread(0.25 * recordsWithin(activity, 'ecommerce-sync', MONTH), activity.population.products, 10_000),
    value: sortedIds,
  },
  {
    group: 'Shops',
    name: 'sold:{store:SKU}:SKU',
    ids: 3,
    one: 'product sold since its store last counted',
    kept: MONTH,
    of: ({ population }) => single(population.products * 0.05),
    value: sortedIds,
  },
  {
    group: 'Shops',
    name: 'products-of:{store}',
    one: 'store',
    of: ({ population }) => ({ keys: population.stores, elements: population.products }),
    value: (count, { idLength }) => sortedSetBytes(count, idLength, 0),
  },
  {
    group: 'Shops',
    name: 'stores-of:{user}',
    one: 'user with a store',
    of: ({ population: { stores, users } }) => spread(stores, users),
    value: ids,
  },
];

/** Entries of a feed at most. */
const FEED = 1_000;

const TEAMS: readonly Row[] = [
  {
    group: 'Teams',
    name: 'team:{team}',
    one: 'team',
    of: ({ population }) => single(population.teams),
    value: () => hashBytes([{ count: 2, name: 6, value: 6 }]),
  },
  ...(['members', 'roles'] as const).map(
    (what): Row => ({
      group: 'Teams',
      name: `team:{team}:${what}`,
      one: 'team',
      of: ({ population }) => ({ keys: population.teams, elements: population.teams * population.teamMembers }),
      value: (count, { idLength }) => sortedSetBytes(count, idLength, what === 'members' ? TIME : 2),
    }),
  ),
  {
    group: 'Teams',
    name: 'team:{team}:seen',
    one: 'team',
    of: ({ population }) => ({ keys: population.teams, elements: population.teams * population.teamMembers }),
    value: (count, { idLength }) => hashBytes([{ count, name: idLength, value: { number: 10 } }]),
  },
  {
    group: 'Teams',
    name: 'team:{team}:invitations',
    one: 'team that invites',
    of: ({ population }) => ({ keys: population.teams * 0.87, elements: population.teams * 1.8 }),
    value: texts(21, 70),
  },
  {
    group: 'Teams',
    name: 'team:{team}:feed',
    one: 'team',
    of: (activity) => ({
      keys: activity.population.teams,
      elements: Math.min(0.97 * recordsWithin(activity, 'team-collaboration'), activity.population.teams * FEED),
    }),
    value: texts(2, 154),
  },
  {
    group: 'Teams',
    name: 'teams-of:{user}',
    one: 'user in a team',
    of: ({ population: { teams, teamMembers, users, members } }) =>
      spread(teams * teamMembers, Math.max(users + members, teams * teamMembers)),
    value: ids,
  },
  {
    group: 'Teams',
    name: 'teams-erased:{user}',
    one: 'user erased within 31 days',
    kept: 31 * DAY,
    of: perRecord('data-retention', 0.8, 31 * DAY),
    value: () => NUMBER_BYTES,
  },
];

const REST: readonly Row[] = [
  {
    group: 'Content, domains, accounts',
    name: 'content:{content}',
    one: 'destination',
    of: ({ population }) => single(population.contents),
    value: () => hashBytes([{ count: 5, name: 6, value: 14 }]),
  },
  {
    group: 'Content, domains, accounts',
    name: 'contents-of:{user}',
    one: 'user with a destination',
    of: ({ population: { contents, users } }) => spread(contents, users),
    value: ids,
  },
  {
    group: 'Content, domains, accounts',
    name: 'redirect:{code}',
    one: 'code with a destination',
    of: ({ population: { contents, codes } }) => single(Math.min(codes, contents * 0.45)),
    value: () => hashBytes([{ count: 1, name: 7, value: 38 }]),
  },
  {
    group: 'Content, domains, accounts',
    name: 'domain:{domain}',
    one: 'domain',
    of: ({ population }) => single(population.domains),
    value: texts(14, 255),
  },
  {
    group: 'Content, domains, accounts',
    name: 'domains-of:{user}',
    one: 'user with a domain',
    of: ({ population: { domains, users } }) => spread(domains, users),
    value: (count) => sortedSetBytes(count, 27, TIME),
  },
  {
    group: 'Content, domains, accounts',
    name: 'user-lifecycle:{user}',
    one: 'account',
    of: ({ population }) => single(population.members),
    value: () => hashBytes([{ count: 6, name: 8, value: 15 }]),
  },
  {
    group: 'Content, domains, accounts',
    name: 'user-name:{user}',
    one: 'account',
    of: ({ population }) => single(population.members),
    value: () => stringBytes(8),
  },
  {
    group: 'Content, domains, accounts',
    name: 'erasure:{user}',
    one: 'user being erased',
    kept: MONTH,
    of: perRecord('data-retention', 0.001, MONTH),
    value: () => hashBytes([{ count: 10, name: 30, value: 4 }]),
  },
  {
    group: 'Content, domains, accounts',
    name: 'retention:{policy}:TIME',
    one: 'sweep under way',
    kept: 14 * DAY,
    of: () => single(0),
    value: () => hashBytes([{ count: 3, name: 7, value: 20 }]),
  },
  {
    group: 'Content, domains, accounts',
    name: 'audit:head:{PARTITION}',
    ids: 0,
    one: 'partition of the audit log',
    of: () => single(3),
    value: () => hashBytes([{ count: 4, name: 8, value: 30 }]),
  },
];

const BATCHES: readonly Row[] = [
  {
    group: 'Batches and schedule',
    name: 'batch:{batch}',
    one: 'batch of the last 30 days',
    kept: MONTH,
    of: perRecord('bulk-qr-processing', 0.28, MONTH),
    value: () => hashBytes([{ count: 16, name: 7, value: 10 }]),
  },
  {
    group: 'Batches and schedule',
    name: 'bulk:{bulk-admission}:ANY',
    ids: 2,
    one: 'piece of work admitted within a day, and the queue of each priority',
    kept: DAY,
    of: perRecord('bulk-qr-processing', 1.26, DAY),
    value: () => stringBytes(35),
  },
  {
    group: 'Batches and schedule',
    name: 'schedule:{due}',
    one: 'system, with what is due within a month',
    of: (activity) => ({ keys: 1, elements: dueEntries(activity) }),
    value: (count) => sortedSetBytes(count, 65, TIME),
  },
  {
    group: 'Batches and schedule',
    name: 'schedule:{due}:entries',
    one: 'system, with what is due within a month',
    of: (activity) => ({ keys: 1, elements: dueEntries(activity) }),
    value: texts(55, 742),
  },
  {
    group: 'Batches and schedule',
    name: 'schedule:{due}:OTHER',
    one: 'periodic event, and what tells who publishes',
    of: () => single(7),
    value: () => stringBytes(20),
  },
];

/** Payments, contents, accounts and domains have something due later, two weeks on the mean. */
const dueEntries = (activity: Activity): number =>
  0.075 *
  (['payment-events', 'content-publishing', 'user-lifecycle', 'business-automation'] as const).reduce(
    (sum, topic) => sum + recordsWithin(activity, topic, 14 * DAY),
    0,
  );

/** Dead letters are swept after 90 days. */
const SWEPT = 90 * DAY;
const letters = perRecord('dead-letter-queue', 1, SWEPT);

const DEAD_LETTERS: readonly Row[] = [
  {
    group: 'Dead letters',
    name: 'dlq:{dlq}:letter:POSITION',
    one: 'dead letter',
    of: letters,
    // Twenty fields; the error and the record's own key are longer than a listpack takes.
    value: () => hashBytes([{ count: 20, name: 8, value: 17 }], 100),
  },
  {
    group: 'Dead letters',
    name: 'dlq:{dlq}:history:POSITION',
    one: 'dead letter',
    of: letters,
    value: (count) => listBytes(count, 193),
  },
  {
    group: 'Dead letters',
    name: 'dlq:{dlq}:correlation:EVENT',
    one: 'request with a dead letter',
    of: letters,
    value: () => setBytes(1, 24),
  },
  {
    group: 'Dead letters',
    name: 'dlq:{dlq}:user:USER',
    one: 'user with a dead letter',
    of: (activity) => single(0.2 * letters(activity).keys),
    value: () => setBytes(1, 24),
  },
  ...['by-time', 'topic:NAME', 'code:NAME'].map(
    (index): Row => ({
      group: 'Dead letters',
      name: `dlq:{dlq}:${index}`,
      ids: 0,
      one: index === 'by-time' ? 'system' : index.startsWith('topic') ? 'topic' : 'reason',
      of: (activity) => {
        const elements = letters(activity).keys;
        return { keys: index === 'by-time' ? 1 : Math.min(8, elements), elements };
      },
      value: (count) => sortedSetBytes(count, 22, TIME),
    }),
  ),
  {
    group: 'Dead letters',
    name: 'dlq:{dlq}:hour:HOUR',
    one: 'hour with dead letters',
    kept: 14 * DAY,
    of: ({ from, to }) => single(Math.min(14 * 24, Math.ceil((to - from) / HOUR))),
    value: () => hashBytes([{ count: 8, name: 32, value: { number: 10 } }]),
  },
  {
    group: 'Dead letters',
    name: 'dlq:{dlq}:window:WINDOW',
    ids: 2,
    one: 'topic and reason, of the last minutes',
    kept: 600,
    of: (activity) => single(Math.min(40, recordsWithin(activity, 'dead-letter-queue', 600) / 3)),
    value: () => sortedSetBytes(5, 22, 5),
  },
  {
    group: 'Dead letters',
    name: 'dlq:{dlq}:putting-back',
    one: 'system',
    of: () => single(0),
    value: sortedIds,
  },
  {
    group: 'Dead letters',
    name: 'dlq:{dlq}:at-connectors',
    one: 'system',
    of: () => single(0),
    value: sortedIds,
  },
  {
    group: 'Dead letters',
    name: 'failures:{POSITION}:GROUP',
    ids: 2,
    one: 'record that has failed within seven days',
    kept: 7 * DAY,
    of: perRecord('dead-letter-queue', 0.1, 7 * DAY),
    value: () => hashBytes([{ count: 2, name: 7, value: 24 }]),
  },
];

export const DOMAIN_KEYS: readonly KeyKind[] = [
  ...UPDATES,
  ...NOTIFICATIONS,
  ...PAYMENTS,
  ...SHOPS,
  ...TEAMS,
  ...REST,
  ...BATCHES,
  ...DEAD_LETTERS,
].map(kindOf);
