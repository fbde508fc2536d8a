import { audit } from './audit.ts';
import type { Effect } from './effect.ts';
import { payments } from './payments.ts';
import { scans } from './scans.ts';
import { stock } from './stock.ts';
import { teamFeeds } from './teams.ts';

export { AuditLog } from './audit-log.ts';
export type { Effect, Observation, Stores } from './effect.ts';

export const EFFECTS: readonly Effect[] = [scans, payments, stock, teamFeeds, audit];
