/** The thirteen topics of the product. Internal topics (`__consumer_offsets`, `connect-*`) do not count. */
export const TOPIC_NAMES = [
  'bulk-qr-processing',
  'analytics-events',
  'notifications',
  'file-processing',
  'payment-events',
  'team-collaboration',
  'content-publishing',
  'ecommerce-sync',
  'business-automation',
  'user-lifecycle',
  'data-retention',
  'audit-logs',
  'dead-letter-queue',
] as const;

export type TopicName = (typeof TOPIC_NAMES)[number];

/** Where records go that no consumer could work: Lambda's on-failure destination and the harness's own. */
export const DEAD_LETTER_TOPIC = 'dead-letter-queue' satisfies TopicName;

export const isTopicName = (name: string): name is TopicName => (TOPIC_NAMES as readonly string[]).includes(name);
