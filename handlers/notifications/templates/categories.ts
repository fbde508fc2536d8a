import type { TemplateName } from '../../../lib/catalog/index.ts';

/** Categories of templates; a user may unsubscribe from those that are not transactional. */
export const CATEGORIES = {
  onboarding: { transactional: false },
  batches: { transactional: false },
  milestones: { transactional: false },
  teams: { transactional: false },
  domains: { transactional: false },
  shop: { transactional: false },
  /** Money: the law and the contract want them to arrive. */
  billing: { transactional: true },
  /** Somebody else asks for it; there is no account yet that could have unsubscribed. */
  invitations: { transactional: true },
  /** Who may do what has changed. */
  security: { transactional: true },
  /** Something of the user's does not work any more. */
  service: { transactional: true },
} as const satisfies Record<string, { readonly transactional: boolean }>;

export type Category = keyof typeof CATEGORIES;

export const isCategory = (name: string): name is Category => Object.hasOwn(CATEGORIES, name);

export const CATEGORY_OF: Readonly<Record<TemplateName, Category>> = {
  welcome: 'onboarding',
  tips: 'onboarding',
  'first-batch': 'onboarding',
  'trial-ending': 'onboarding',
  inactive: 'onboarding',
  upgraded: 'billing',
  'batch-ready': 'batches',
  'batch-failed': 'batches',
  'import-ready': 'batches',
  'file-rejected': 'batches',
  'export-ready': 'batches',
  milestone: 'milestones',
  receipt: 'billing',
  refund: 'billing',
  'payment-failed': 'billing',
  'plan-ended': 'billing',
  invitation: 'invitations',
  'team-member-joined': 'teams',
  'team-member-removed': 'security',
  'team-role-changed': 'security',
  mention: 'teams',
  'team-comment': 'teams',
  'resource-shared': 'teams',
  'domain-verified': 'domains',
  'domain-failed': 'domains',
  'certificate-issued': 'domains',
  'certificate-failed': 'domains',
  'certificate-expiring': 'domains',
  'low-stock': 'shop',
  'out-of-stock': 'shop',
  'endpoint-paused': 'service',
  'dead-letters': 'service',
};
