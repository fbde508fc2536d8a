import type { Place } from '../../lib/stores/places.ts';
import { PLACES as auditLogs } from '../audit-logs/places.ts';
import { PLACES as contentPublishing } from '../content-publishing/places.ts';
import { PLACES as deadLetterQueue } from '../dead-letter-queue/places.ts';
import { PLACES as dataRetention } from './places.ts';

/**
 * The places of every handler, by its folder. A unit test fails when a folder is missing here. What could bring data back
 * comes first, and what the handlers may still write to last.
 */
export const REGISTRY: Readonly<Record<string, readonly Place[]>> = {
  'dead-letter-queue': deadLetterQueue,
  'content-publishing': contentPublishing,
  'audit-logs': auditLogs,
  'data-retention': dataRetention,
};
