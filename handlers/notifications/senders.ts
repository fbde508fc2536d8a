import type { Effect, HandlerContext } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { Settings } from '../../lib/settings.ts';
import type { SendEmail } from './channels/email.ts';
import type { SendSms } from './channels/sms.ts';
import { counted } from './counts.ts';
import { notSent, sent } from './outcome.ts';
import type { Preferences } from './preferences-state.ts';
import type { Request, RequestEvent } from './request.ts';
import { CATEGORIES } from './templates/categories.ts';
import type { Rendered } from './templates/render.ts';
import { deliverWebhook, type WebhookRules } from './webhooks/deliver.ts';
import { pauseTold } from './webhooks/endpoint-state.ts';

/** What notifications reach the world by. */
export interface Ports {
  readonly sendEmail: SendEmail;
  readonly sendSms: SendSms;
  readonly webhooks: WebhookRules;
  readonly settings: Pick<Settings, 'appUrl' | 'linkSecret'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A message on its way: what it says, where it goes, what is known of its user. */
export interface Message {
  readonly request: Request;
  readonly event: RequestEvent;
  readonly preferences: Preferences;
  readonly rendered: Rendered;
  readonly unsubscribeUrl: string | undefined;
  readonly to: string;
}

type Sender = (message: Message, context: HandlerContext, ports: Ports) => Promise<Effect>;

const byEmail: Sender = async ({ request, to, rendered, unsubscribeUrl }, { signal }, { sendEmail, now }) => {
  await sendEmail({ to, content: rendered.email, unsubscribeUrl }, signal);
  return sent(request, now());
};

const bySms: Sender = async ({ request, to, rendered }, { signal }, { sendSms, now }) => {
  const isTransactional = CATEGORIES[request.category].transactional || request.priority === 'high';
  await sendSms({ to, text: rendered.sms.text, isTransactional }, signal);
  return sent(request, now());
};

const inApp: Sender = async ({ request, rendered }, _context, { now }) => {
  const { userId, id, template, category, priority } = request;
  const data = { id, template, category, priority, ...rendered['in-app'] };
  return { ...sent(request, now()), updates: [{ userId, type: 'notification', data }] };
};

const byWebhook: Sender = async (message, context, { webhooks, now }) => {
  const { request, preferences, rendered, to: url } = message;
  const { userId, id, template, data, since } = request;
  const { webhookSecret: secret } = preferences;
  if (secret === undefined) {
    throw new PermanentError('INVALID_EVENT', `User ${userId} has no webhook secret: nothing can be signed for them.`, {
      next: 'It comes by notification.preferences.changed',
    });
  }
  const body = JSON.stringify({ type: template, timestamp: since, data, message: rendered.webhook });
  const webhook = { userId, id, url, secret, body, since: Date.parse(since) };
  const delivery = await deliverWebhook(webhook, webhooks, context, now());
  if (delivery.result === 'sent') return sent(request, now());
  const { news } = delivery;
  const writes = news.length > 0 ? [pauseTold(userId, url)] : [];
  switch (delivery.result) {
    case 'put-off':
      return { ...putOff(message, delivery.until, now()), events: news, writes };
    case 'paused':
      return { ...notSent(request, 'paused', now()), events: news, writes };
    case 'refused':
      // Its writes are not applied: the owner is told again by the next one, under the same key, and so once.
      return { events: news, reject: delivery.error };
  }
};

/** The same notification at a later time; its key and its age go with it. */
const putOff = ({ request, event }: Message, until: number, now: number): Effect => {
  const { userId, id, dedupeKey, since } = request;
  const payload = { ...event.payload, dedupeKey, putOffSince: since };
  const at = new Date(until).toISOString();
  return {
    crossKeyWrites: [counted('webhook', 'put-off', now)],
    schedule: [{ key: `notification/${userId}/${id}`, at, event: { type: 'notification.requested', payload } }],
  };
};

/** How each channel takes a message. */
export const SENDERS: Readonly<Record<Request['channel'], Sender>> = {
  email: byEmail,
  sms: bySms,
  webhook: byWebhook,
  'in-app': inApp,
};
