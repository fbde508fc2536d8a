/**
 * What every notification template takes. A handler that tells a user something names a template and fills it, and the
 * compiler checks both; the texts, in each language and for each channel, stand in handlers/notifications/templates.
 */
export const TEMPLATES = {
  welcome: ['name'],
  tips: ['name'],
  'first-batch': ['name'],
  'trial-ending': ['trialEndsAt'],
  inactive: ['lastSeenAt'],
  upgraded: ['plan'],
  'batch-ready': ['batchId', 'itemCount', 'succeeded', 'failed'],
  'batch-failed': ['batchId', 'reason'],
  'import-ready': ['fileName', 'batchId', 'rows', 'rowErrors'],
  'file-rejected': ['fileName', 'reason'],
  'export-ready': ['name', 'url'],
  milestone: ['qrId', 'scans'],
  receipt: ['amount', 'description', 'paymentId'],
  refund: ['amount', 'paymentId'],
  'payment-failed': ['amount', 'reason', 'nextAttemptAt'],
  'plan-ended': ['plan'],
  invitation: ['teamName', 'inviter', 'role', 'invitationId'],
  'team-member-joined': ['teamName', 'member', 'role'],
  'team-member-removed': ['teamName', 'member'],
  'team-role-changed': ['teamName', 'member', 'role'],
  mention: ['teamName', 'author', 'resource', 'text'],
  'team-comment': ['teamName', 'author', 'resource'],
  'resource-shared': ['teamName', 'sharer', 'resource', 'access'],
  'domain-verified': ['domain'],
  'domain-failed': ['domain', 'reason'],
  'certificate-issued': ['domain'],
  'certificate-failed': ['domain', 'reason'],
  'certificate-expiring': ['domain', 'daysLeft'],
  'low-stock': ['title', 'sku', 'storeId', 'available'],
  'out-of-stock': ['title', 'sku', 'storeId'],
  'endpoint-paused': ['url', 'reason'],
  'dead-letters': ['count', 'reason', 'topic'],
} as const satisfies Record<string, readonly string[]>;

export type TemplateName = keyof typeof TEMPLATES;

/** What fills a template. */
export type TemplateData<Name extends TemplateName> = Readonly<Record<(typeof TEMPLATES)[Name][number], string>>;

export const isTemplate = (name: string): name is TemplateName => Object.hasOwn(TEMPLATES, name);

/** The ways a user can be told something. */
export const CHANNELS = ['email', 'sms', 'webhook', 'in-app'] as const;

export type Channel = (typeof CHANNELS)[number];
