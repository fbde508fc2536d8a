import { CHANNELS, type Channel, isTemplate, type TemplateName } from '../../lib/catalog/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import { isEmail, isPhone } from './addresses.ts';
import { CATEGORY_OF } from './templates/categories.ts';
import { filled } from './templates/render.ts';
import { messageId } from './told.ts';
import { type UrlRules, urlFault } from './webhooks/url-rules.ts';
import type { Wish } from './wishes.ts';

export type RequestEvent = EventOf<'notification.requested'>;

/** A notification that has been found sound, apart from where it goes. */
export interface Request extends Wish {
  readonly userId: string;
  readonly template: TemplateName;
  readonly data: ReturnType<typeof filled<TemplateName>>;
  readonly dedupeKey: string;
  /** The same whenever the same thing is told. */
  readonly id: string;
  /** When it was first asked for, ISO 8601. */
  readonly since: string;
  /** BCP 47, of who asks; the user's own goes before it. */
  readonly locale: string;
  /** The address the notification itself names. */
  readonly to: string | undefined;
}

/** @throws PermanentError INVALID_EVENT for an unknown channel or template, or a missing datum */
export const requestIn = ({ payload, eventId, timestamp }: RequestEvent): Request => {
  const { userId, template, priority, locale } = payload;
  const channel = CHANNELS.find((name) => name === payload.channel);
  if (channel === undefined) {
    throw new PermanentError(
      'INVALID_EVENT',
      `There is no channel ${JSON.stringify(payload.channel)}: a notification goes by ${CHANNELS.join(', ')}.`,
    );
  }
  if (!isTemplate(template)) {
    throw new PermanentError('INVALID_EVENT', `There is no template ${JSON.stringify(template)}.`, {
      next: 'lib/catalog/templates.ts lists them',
    });
  }
  const dedupeKey = payload.dedupeKey ?? eventId;
  return {
    userId,
    channel,
    template,
    category: CATEGORY_OF[template],
    data: filled(template, payload.data),
    priority,
    dedupeKey,
    id: messageId(userId, channel, dedupeKey),
    since: payload.putOffSince ?? timestamp,
    locale,
    to: payload.to ?? undefined,
  };
};

/** What is wrong with an address, as the rest of a sentence. */
const FAULTS: Readonly<Record<Channel, (to: string, rules: UrlRules) => string | undefined>> = {
  email: (to) => (isEmail(to) ? undefined : 'is no e-mail address'),
  sms: (to) => (isPhone(to) ? undefined : 'is no number in E.164'),
  webhook: urlFault,
  'in-app': () => undefined,
};

/** @throws PermanentError INVALID_EVENT for an address that its channel cannot take; the message does not hold it */
export const requireAddress = ({ userId, channel }: Request, to: string, rules: UrlRules): void => {
  const fault = FAULTS[channel](to, rules);
  if (fault === undefined) return;
  throw new PermanentError(
    'INVALID_EVENT',
    `The ${channel} notification of user ${userId} cannot go: its address ${fault}.`,
  );
};
