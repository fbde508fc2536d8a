import { TOPIC_NAMES, type TopicName } from '../../catalog/index.ts';

/** A call of an AWS service, other than those that every function makes. */
export type Call = 'send-email' | 'send-sms' | 'request-certificate' | 'describe-certificate' | 'delete-certificate';

/**
 * What a function may do beside what all of them may: read its own topic in its own group, send its dead letters, read
 * schemas, use the cache. Folders are prefixes of keys in the bucket.
 */
export interface FunctionRights {
  /** Topics it publishes to by itself. */
  readonly publishes: readonly TopicName[];
  /** Topics of what it has published later: it keeps the schedule, and the scheduler publishes. */
  readonly schedules?: readonly TopicName[];
  /** Folders whose objects it reads. */
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  readonly deletes?: readonly string[];
  /** Folders it lists without reading what is in them. */
  readonly lists?: readonly string[];
  readonly calls?: readonly Call[];
  /** Whether its bucket is the one of the audit records rather than the work bucket. */
  readonly isAuditor?: boolean;
  /** Why it needs a way to the internet; without a reason it stands in subnets that have none. */
  readonly internet?: string;
  /** Whether it signs links with the environment's secret. */
  readonly signsLinks?: boolean;
  /** Whether it reads any topic again, in groups of its own, for records whose content got lost. */
  readonly readsAgain?: boolean;
}

/** Where what is to be published later lies. */
export const SCHEDULE = 'schedule/';

/** Of the functions that work topics. A unit test holds the table against the handlers' code. */
const CONSUMERS: Readonly<Record<TopicName, FunctionRights>> = {
  'bulk-qr-processing': {
    publishes: ['bulk-qr-processing', 'notifications'],
    reads: ['batches/', 'open-batches/', 'templates/', 'logos/', 'uploads/', 'files/'],
    writes: ['batches/', 'open-batches/', 'batches-of/'],
    deletes: ['batches/', 'open-batches/'],
  },
  'analytics-events': {
    publishes: ['analytics-events', 'notifications'],
    reads: ['analytics-history/'],
    writes: ['analytics-history/'],
    deletes: ['analytics-history/inbox/'],
  },
  notifications: {
    publishes: ['notifications'],
    schedules: ['notifications'],
    calls: ['send-email', 'send-sms'],
    internet: 'it calls the webhooks of users, SES, SNS and Secrets Manager',
    signsLinks: true,
  },
  'file-processing': {
    publishes: ['file-processing', 'bulk-qr-processing', 'notifications'],
    reads: ['uploads/'],
    writes: ['files/', 'batches/'],
    deletes: ['batches/'],
  },
  'payment-events': {
    publishes: ['notifications', 'audit-logs'],
    schedules: ['payment-events'],
    reads: ['ledger/'],
    writes: ['ledger/'],
  },
  'team-collaboration': { publishes: ['notifications', 'audit-logs'] },
  'content-publishing': { publishes: [], schedules: ['content-publishing'], writes: ['pages/'] },
  'ecommerce-sync': { publishes: ['ecommerce-sync', 'notifications'] },
  'business-automation': {
    publishes: ['business-automation', 'notifications', 'audit-logs'],
    schedules: ['business-automation'],
    calls: ['request-certificate', 'describe-certificate', 'delete-certificate'],
    internet: 'it asks the name servers of the domains of users, and ACM',
  },
  'user-lifecycle': {
    publishes: ['notifications', 'data-retention', 'audit-logs'],
    schedules: ['user-lifecycle'],
  },
  'data-retention': {
    publishes: ['data-retention', 'audit-logs'],
    schedules: ['data-retention'],
    reads: ['legal-holds/', 'analytics-history/'],
    // Rows of a user lie among those of others.
    writes: ['analytics-history/'],
    // Erasure goes through the places of all handlers.
    deletes: [
      'batches/',
      'open-batches/',
      'batches-of/',
      'uploads/',
      'files/',
      'pages/',
      'dead-letters/',
      'dead-letter-queue-failures/',
      'analytics-history/',
    ],
    lists: ['batches/', 'batches-of/', 'uploads/', 'files/', 'pages/', 'dead-letter-queue-failures/'],
    calls: ['delete-certificate'],
    internet: 'it has ACM delete the certificates of an erased user',
  },
  'audit-logs': { publishes: [], reads: ['audit/'], writes: ['audit/'], isAuditor: true },
  'dead-letter-queue': {
    publishes: ['notifications'],
    // A letter that is tried again goes to where it came from.
    schedules: TOPIC_NAMES,
    writes: ['dead-letters/', 'dead-letter-queue-failures/'],
    readsAgain: true,
  },
};

/** Of the functions that rules start. */
const SCHEDULED: Readonly<Record<string, FunctionRights>> = {
  // It publishes whatever others have put into the schedule.
  scheduler: { publishes: TOPIC_NAMES, reads: [SCHEDULE], deletes: [SCHEDULE] },
};

/** The rights of a function that works this topic. */
export const consumerRights = (topic: TopicName): FunctionRights => CONSUMERS[topic];

/**
 * The rights of a function that a rule starts.
 *
 * @throws Error for one that has none: an entry of the catalog needs one here
 */
export const scheduledRights = (name: string): FunctionRights => {
  const rights = SCHEDULED[name];
  if (rights === undefined) throw new Error(`lib/infra/rights/table.ts has no entry for the function ${name}.`);
  return rights;
};
