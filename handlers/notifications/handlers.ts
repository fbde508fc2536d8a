import type { Handlers } from '../../lib/consumer/index.ts';
import type { Settings } from '../../lib/settings.ts';
import { batchCompleted, batchFailed } from './batch-news.ts';
import { bounced } from './bounced.ts';
import { openEmail } from './channels/email.ts';
import { openSms } from './channels/sms.ts';
import { preferencesChanged } from './preferences.ts';
import { notificationRequested } from './requested.ts';
import type { Ports } from './senders.ts';

/** For one attempt at a webhook: a batch has a minute, and lanes of other users run beside it. */
const WEBHOOK_TIMEOUT_MS = 10_000;
/** Twenty of these would take up all of a batch's time. */
const WEBHOOK_SLOW_MS = 3_000;

/** @param settings where AWS is, and what the messages say of us */
export const openPorts = (settings: Settings): Ports => ({
  sendEmail: openEmail(settings),
  sendSms: openSms(settings),
  webhooks: { allowed: settings.webhookAllowed, timeoutMs: WEBHOOK_TIMEOUT_MS, slowMs: WEBHOOK_SLOW_MS },
  settings,
  now: Date.now,
});

/** What each event of the topic does. */
export const notificationHandlers = (ports: Ports): Handlers<'notifications'> => ({
  'notification.requested': (event, context) => notificationRequested(event, context, ports),
  'notification.preferences.changed': (event) => preferencesChanged(event, ports.webhooks),
  'notification.bounced': bounced,
  'bulk.qr.generation.completed': batchCompleted,
  'bulk.qr.generation.failed': batchFailed,
});
