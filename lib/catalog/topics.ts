import { TOPIC_NAMES, type TopicName } from './names.ts';
import { days, type FunctionSettings, type MappingSettings, type Topic } from './topic.ts';

/** Settings that fit a topic unless its entry says otherwise. */
const mapping: MappingSettings = {
  batchSize: 100,
  batchingWindowSeconds: 0,
  // With the growing waits between them some four minutes: a store that restarts or fails over comes back in that time.
  maximumRetryAttempts: 15,
  maximumRecordAgeSeconds: 86_400,
  bisectBatchOnFunctionError: true,
  reportBatchItemFailures: true,
  minimumPollers: 1,
  maximumPollers: 3,
};

const lambda: FunctionSettings = { memoryMb: 512, timeoutSeconds: 60, reservedConcurrency: 10 };

const defaults = { ordering: 'key', isSerial: true, latencyObjectiveMs: 5_000 } as const;

/**
 * The one declaration of every topic. Stacks, the local broker and event source mapping, the CLI, alarms and the docs
 * derive from it. `Record<TopicName, …>` makes a missing or an unknown topic a compile error.
 */
const TABLE = {
  'bulk-qr-processing': {
    ...defaults,
    purpose: 'Batches of QR codes: requests, the chunks they are split into, and their assembly into one zip',
    partitions: 10,
    retentionMs: days(7),
    key: 'batchId; chunks: batchId + chunk number, so that a batch spreads over the partitions',
    events: {
      'bulk.qr.generation.requested': [['batchId']],
      'bulk.qr.chunk.requested': [['batchId', 'chunk']],
      'bulk.qr.assembly.requested': [['batchId']],
      'bulk.qr.admission.due': [['minute']],
    },
    consumerGroup: 'qr-processors',
    handler: 'bulk-qr-processing',
    mapping: { ...mapping, batchSize: 4, maximumPollers: 10 },
    function: { memoryMb: 1_769, timeoutSeconds: 300, reservedConcurrency: 20, provisionedConcurrency: 1 },
    latencyObjectiveMs: 10_000,
  },
  'analytics-events': {
    ...defaults,
    purpose: 'Scans of QR codes and the counters, rollups and milestones made from them',
    partitions: 50,
    retentionMs: days(30),
    key: 'qrId',
    events: {
      'qr.scanned': [['qrId'], ['userId']],
      'analytics.rollup.requested': [['minute']],
      'analytics.rollup.updated': [['qrId'], ['userId']],
    },
    consumerGroup: 'analytics-processors',
    handler: 'analytics-events',
    ordering: 'none',
    isSerial: false,
    mapping: { ...mapping, batchSize: 500, maximumPollers: 50 },
    function: { ...lambda, reservedConcurrency: 50 },
    latencyObjectiveMs: 2_000,
  },
  notifications: {
    ...defaults,
    isSerial: false,
    purpose: 'What a user is told, by e-mail, SMS, webhook or in the app',
    partitions: 5,
    retentionMs: days(3),
    key: 'userId',
    events: {
      'notification.requested': [['userId']],
      'notification.preferences.changed': [['userId']],
      'notification.bounced': [['userId'], ['address']],
      'bulk.qr.generation.completed': [['userId']],
      'bulk.qr.generation.failed': [['userId']],
    },
    consumerGroup: 'notification-senders',
    handler: 'notifications',
    mapping: { ...mapping, batchSize: 20, maximumPollers: 5 },
    function: lambda,
  },
  'file-processing': {
    ...defaults,
    purpose: 'Uploaded files: imports, logos, images, documents',
    partitions: 8,
    retentionMs: days(7),
    key: 'fileId',
    events: {
      'file.uploaded': [['fileId']],
      'file.processed': [['fileId']],
    },
    consumerGroup: 'file-processors',
    handler: 'file-processing',
    mapping: { ...mapping, batchSize: 5, maximumPollers: 8 },
    function: { memoryMb: 1_769, timeoutSeconds: 300, reservedConcurrency: 10 },
    latencyObjectiveMs: 30_000,
  },
  'payment-events': {
    ...defaults,
    purpose: 'Payments and subscriptions, as the payment provider reports them',
    partitions: 3,
    retentionMs: days(90),
    key: 'customerId',
    events: {
      'payment.succeeded': [['customerId']],
      'payment.failed': [['customerId']],
      'payment.refunded': [['customerId']],
      'payment.ledger.posted': [['customerId']],
      'payment.dunning.due': [['customerId']],
      'subscription.created': [['customerId']],
      'subscription.updated': [['customerId']],
      'subscription.cancelled': [['customerId']],
      'subscription.ended.due': [['customerId']],
    },
    consumerGroup: 'payment-processors',
    handler: 'payment-events',
    ordering: 'partition',
    mapping: { ...mapping, batchSize: 20, maximumRetryAttempts: 30 },
    function: lambda,
  },
  'team-collaboration': {
    ...defaults,
    purpose: 'Membership, roles, comments and shares of teams',
    partitions: 5,
    retentionMs: days(30),
    key: 'teamId',
    events: {
      'team.created': [['teamId']],
      'team.member.invited': [['teamId']],
      'team.member.joined': [['teamId']],
      'team.member.removed': [['teamId']],
      'team.member.role_changed': [['teamId']],
      'team.comment.added': [['teamId']],
      'team.resource.shared': [['teamId']],
    },
    consumerGroup: 'team-processors',
    handler: 'team-collaboration',
    mapping: { ...mapping, maximumPollers: 5 },
    function: lambda,
  },
  'content-publishing': {
    ...defaults,
    purpose: 'The life of a published destination, from draft to archive',
    partitions: 5,
    retentionMs: days(7),
    key: 'contentId',
    events: {
      'content.submitted': [['contentId']],
      'content.approved': [['contentId']],
      'content.rejected': [['contentId']],
      'content.scheduled': [['contentId']],
      'content.published': [['contentId']],
      'content.unpublished': [['contentId']],
      'content.archived': [['contentId']],
    },
    consumerGroup: 'content-publishers',
    handler: 'content-publishing',
    mapping: { ...mapping, maximumPollers: 5 },
    function: lambda,
  },
  'ecommerce-sync': {
    ...defaults,
    purpose: 'Products, stock and orders of connected stores',
    partitions: 3,
    retentionMs: days(7),
    key: 'storeId + SKU',
    events: {
      'product.updated': [['storeId', 'sku']],
      'product.deleted': [['storeId', 'sku']],
      'inventory.level.changed': [['storeId', 'sku']],
      'order.created': [['storeId', 'sku']],
      'store.resync.completed': [['storeId']],
      'product.resync.checked': [['storeId', 'sku']],
    },
    consumerGroup: 'ecommerce-syncers',
    handler: 'ecommerce-sync',
    mapping,
    function: lambda,
  },
  'business-automation': {
    ...defaults,
    purpose: 'Custom domains and their certificates',
    partitions: 3,
    retentionMs: days(7),
    key: 'domain',
    events: {
      'domain.added': [['domain']],
      'domain.verification.requested': [['domain']],
      'certificate.requested': [['domain']],
      'certificate.status.requested': [['domain']],
      'certificate.renewal.due': [['domain']],
    },
    consumerGroup: 'automation-workers',
    handler: 'business-automation',
    mapping: { ...mapping, batchSize: 10 },
    function: lambda,
    latencyObjectiveMs: 30_000,
  },
  'user-lifecycle': {
    ...defaults,
    purpose: 'From registration to deletion of an account',
    partitions: 5,
    retentionMs: days(30),
    key: 'userId',
    events: {
      'user.registered': [['userId']],
      'user.activated': [['userId']],
      'user.trial.ending': [['userId']],
      'user.upgraded': [['userId']],
      'user.inactive': [['userId']],
      'user.deleted': [['userId']],
      'user.onboarding.due': [['userId']],
    },
    consumerGroup: 'lifecycle-workers',
    handler: 'user-lifecycle',
    mapping: { ...mapping, maximumPollers: 5 },
    function: lambda,
  },
  'data-retention': {
    ...defaults,
    purpose: 'Sweeps of old data and erasure of a user’s data',
    partitions: 3,
    retentionMs: days(7),
    key: 'subject of the sweep',
    events: {
      'retention.sweep.requested': [['policy']],
      'user.erasure.requested': [['userId']],
    },
    consumerGroup: 'retention-workers',
    handler: 'data-retention',
    mapping: { ...mapping, batchSize: 10 },
    function: { ...lambda, timeoutSeconds: 300 },
    latencyObjectiveMs: 60_000,
  },
  'audit-logs': {
    ...defaults,
    purpose: 'Who did what to which resource, kept unchangeable',
    partitions: 3,
    retentionMs: days(365),
    key: 'tenant or actor',
    events: {
      'audit.recorded': [['tenantId'], ['actor']],
    },
    consumerGroup: 'audit-writers',
    handler: 'audit-logs',
    ordering: 'partition',
    mapping: { ...mapping, batchSize: 500 },
    function: lambda,
    latencyObjectiveMs: 30_000,
  },
  'dead-letter-queue': {
    ...defaults,
    purpose: 'Records that could not be worked, with the reason, for repair and redrive',
    partitions: 3,
    retentionMs: days(7),
    // The largest record there can be, in Lambda's envelope: a third more in base64, and a frame around it.
    maxMessageBytes: 4 * 1024 * 1024,
    key: 'the failed record’s key',
    events: {},
    consumerGroup: 'dead-letter-handlers',
    handler: 'dead-letter-queue',
    mapping,
    function: lambda,
    latencyObjectiveMs: 30_000,
  },
} as const satisfies Record<TopicName, Omit<Topic, 'name'>>;

type EventsOf<Name extends TopicName> = Extract<keyof (typeof TABLE)[Name]['events'], string>;

/** Every event type some topic carries. */
export type EventType = { [Name in TopicName]: EventsOf<Name> }[TopicName];

/** The event types of one topic. */
export type EventTypeOn<Name extends TopicName> = EventsOf<Name>;

/** The catalog's entry of `name`. */
export const topic = (name: TopicName): Topic<EventType> => ({ name, ...TABLE[name] });

/** All thirteen, in the order of the design's table. */
export const TOPICS: readonly Topic<EventType>[] = TOPIC_NAMES.map(topic);

/** The event types of a topic; the first is what a bare JSON payload is taken for. */
export const eventTypesOf = (entry: Topic<EventType>): readonly EventType[] =>
  Object.keys(entry.events).filter((type): type is EventType => isEventType(type));

const TOPIC_OF_EVENT = new Map<string, Topic<EventType>>(
  TOPICS.flatMap((entry) => Object.keys(entry.events).map((type) => [type, entry] as const)),
);

/** The topic an event type travels on, or undefined when no topic knows it. */
export const topicOf = (eventType: string): Topic<EventType> | undefined => TOPIC_OF_EVENT.get(eventType);

export const isEventType = (type: string): type is EventType => TOPIC_OF_EVENT.has(type);
