import type { Place } from '../../lib/stores/places.ts';
import { PLACES as analyticsEvents } from '../analytics-events/places.ts';
import { PLACES as auditLogs } from '../audit-logs/places.ts';
import { PLACES as bulkQrProcessing } from '../bulk-qr-processing/places.ts';
import { PLACES as businessAutomation } from '../business-automation/places.ts';
import { PLACES as contentPublishing } from '../content-publishing/places.ts';
import { PLACES as deadLetterQueue } from '../dead-letter-queue/places.ts';
import { PLACES as ecommerceSync } from '../ecommerce-sync/places.ts';
import { PLACES as fileProcessing } from '../file-processing/places.ts';
import { PLACES as notifications } from '../notifications/places.ts';
import { PLACES as paymentEvents } from '../payment-events/places.ts';
import { PLACES as teamCollaboration } from '../team-collaboration/places.ts';
import { PLACES as userLifecycle } from '../user-lifecycle/places.ts';
import { PLACES as dataRetention } from './places.ts';

/**
 * The places of every handler, by its folder. A unit test fails when a folder is missing here. What could bring data back
 * comes first, and what the handlers may still write to last.
 */
export const REGISTRY: Readonly<Record<string, readonly Place[]>> = {
  'dead-letter-queue': deadLetterQueue,
  'bulk-qr-processing': bulkQrProcessing,
  'file-processing': fileProcessing,
  'content-publishing': contentPublishing,
  'ecommerce-sync': ecommerceSync,
  'business-automation': businessAutomation,
  'team-collaboration': teamCollaboration,
  'analytics-events': analyticsEvents,
  'payment-events': paymentEvents,
  'user-lifecycle': userLifecycle,
  notifications: notifications,
  'audit-logs': auditLogs,
  'data-retention': dataRetention,
};
