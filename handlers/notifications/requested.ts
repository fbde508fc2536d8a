import type { Effect, HandlerContext } from '../../lib/consumer/index.ts';
import { TransientError } from '../../lib/errors.ts';
import { counted } from './counts.ts';
import { notSent } from './outcome.ts';
import { addressOf, readPreferences } from './preferences-state.ts';
import { type Request, type RequestEvent, requestIn, requireAddress } from './request.ts';
import { type Ports, SENDERS } from './senders.ts';
import { isSuppressed } from './suppression.ts';
import { CATEGORIES } from './templates/categories.ts';
import { render } from './templates/render.ts';
import { isTold } from './told.ts';
import { unsubscribeUrl } from './unsubscribe.ts';
import { type NotSent, refusedBy } from './wishes.ts';

/**
 * Tells a user something, unless they have been told, do not want it, or cannot be reached. The mark that they were told
 * is set together with the record's own; a crash between the provider's answer and the mark sends the message again.
 *
 * @throws PermanentError INVALID_EVENT or REFUSED, TransientError PROVIDER_UNAVAILABLE
 */
export const notificationRequested = async (
  event: RequestEvent,
  context: HandlerContext,
  ports: Ports,
): Promise<Effect> => {
  const request = requestIn(event);
  const { userId, channel, template, data, id } = request;
  const { redis } = context;
  const now = ports.now();
  if (await isTold(redis, userId, id, now)) return { crossKeyWrites: [counted(channel, 'repeat', now)] };
  const preferences = await readPreferences(redis, userId);
  const link = unsubscribeLink(request, ports);
  const links = { appUrl: ports.settings.appUrl, unsubscribeUrl: link };
  // Before anything decides that it is not sent: a faulty one is to be found out whoever its user is.
  const rendered = render(template, data, preferences.locale ?? request.locale, links);
  const to = request.to ?? addressOf(preferences, channel);
  if (to !== undefined) requireAddress(request, to, ports.webhooks);
  const reason = refusedBy(preferences, request) ?? (await unreachable(request, to, context));
  if (reason !== undefined || to === undefined) return notSent(request, reason ?? 'no-address', now);
  return SENDERS[channel]({ request, event, preferences, rendered, unsubscribeUrl: link, to }, context, ports);
};

const unreachable = async (
  { channel }: Request,
  to: string | undefined,
  { redis }: HandlerContext,
): Promise<NotSent | undefined> => {
  if (to === undefined) return 'no-address';
  const canBounce = channel === 'email' || channel === 'sms';
  return canBounce && (await isSuppressed(redis, to)) ? 'suppressed' : undefined;
};

/** Of e-mails that a user may leave; SES signs its headers (RFC 8058, section 4). */
const unsubscribeLink = ({ userId, channel, category }: Request, { settings }: Ports): string | undefined => {
  if (channel !== 'email' || CATEGORIES[category].transactional) return undefined;
  const { appUrl, linkSecret } = settings;
  if (linkSecret === undefined) {
    throw new TransientError('SERVICE_FAILED', 'QR_LINK_SECRET is not set, so e-mails cannot be unsubscribed from', {
      next: 'Set it on the function of notifications',
    });
  }
  return unsubscribeUrl(appUrl, linkSecret, { userId, channel, category });
};
