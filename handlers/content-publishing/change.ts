import type { Effect, HandlerContext, Handlers } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/index.ts';
import { clearDestination, redirectKey, setDestination } from '../../lib/stores/redirects.ts';
import { type Content, contentsOfKey, keepContent, readContent } from './content-state.ts';
import { destinationOf, pageKeyOf, publishTime } from './destination.ts';
import { type ContentEventType, isAllowed, TRANSITIONS } from './states.ts';

export type ContentEvent = EventOf<ContentEventType>;

/** Key under which the publishing of a content is scheduled: a later date replaces an earlier one. */
export const scheduleKey = (contentId: string): string => `content/${contentId}`;

/**
 * Any event of a content: checks that it may follow what is known, and does what it asks for. Records of a content come in
 * order, one after the other (the topic is ordered by key), so that what is read here is still so when it is written.
 *
 * @throws PermanentError RULE_VIOLATED for an illegal transition or an older version, INVALID_EVENT for a bad date or URL
 */
export const contentChanged = async (event: ContentEvent, context: HandlerContext): Promise<Effect> => {
  const { contentId, userId, version } = event.payload;
  const known = await readContent(context.redis, contentId);
  requireAllowed(event, known);
  const parts = await partsOf(event, known, context);
  const content: Content = {
    ...known,
    contentId,
    userId,
    version,
    state: TRANSITIONS[event.eventType].to,
    ...parts.content,
  };
  const { state } = content;
  return {
    ...parts.effect,
    crossKeyWrites: [
      ...(parts.effect.crossKeyWrites ?? []),
      { name: 'contents', owner: userId, writes: [['SADD', contentsOfKey(userId), contentId]] },
    ],
    updates: [{ userId, type: `content.${state}`, data: { contentId, state, version, ...reasonOf(event) } }],
    writes: [keepContent(content)],
  };
};

const requireAllowed = ({ eventType, payload }: ContentEvent, known: Content | undefined): void => {
  const { contentId, version } = payload;
  if (known !== undefined && version < known.version) {
    throw new PermanentError(
      'RULE_VIOLATED',
      `Content ${contentId} is at version ${known.version}; the event speaks of version ${version}: a version conflict.`,
      { next: 'Load the newest version and decide again' },
    );
  }
  if (!isAllowed(eventType, known?.state)) {
    const { to, from } = TRANSITIONS[eventType];
    throw new PermanentError(
      'RULE_VIOLATED',
      `Content ${contentId} cannot go from ${known?.state ?? 'new'} to ${to}: that is possible from ${from.join(', ')}.`,
    );
  }
};

/** What is special to a type: fields of the content, and what happens outside of it. */
interface Parts {
  readonly content: Partial<Content>;
  readonly effect: Effect;
}

const partsOf = async (event: ContentEvent, known: Content | undefined, context: HandlerContext): Promise<Parts> => {
  const { contentId } = event.payload;
  const unschedule = [scheduleKey(contentId)];
  if (isOf(event, 'content.scheduled')) {
    const { publishAt, ...payload } = event.payload;
    const at = publishTime(publishAt);
    // Checked now: whoever schedules is to hear of a mistake, not whoever is awake then.
    destinationOf(payload);
    const schedule = [{ key: scheduleKey(contentId), at, event: { type: 'content.published', payload } } as const];
    return { content: { qrId: payload.qrId }, effect: { schedule } };
  }
  if (isOf(event, 'content.published')) {
    const { qrId, page } = event.payload;
    const destination = destinationOf(event.payload);
    if (page !== null)
      await context.objects.put(pageKeyOf(event.payload), page, { contentType: 'text/html; charset=utf-8' });
    const crossKeyWrites = [{ name: 'redirect', owner: qrId, writes: [setDestination(qrId, destination)] }];
    return { content: { qrId, destination }, effect: { unschedule, crossKeyWrites } };
  }
  if (isOf(event, 'content.unpublished') || isOf(event, 'content.archived')) {
    const crossKeyWrites = known === undefined ? [] : await withdrawn(known, context);
    return { content: {}, effect: { unschedule, crossKeyWrites } };
  }
  if (isOf(event, 'content.submitted')) {
    const { qrId } = event.payload;
    return { content: qrId === null ? {} : { qrId }, effect: {} };
  }
  return { content: {}, effect: {} };
};

/** The code leads nowhere any more, unless it leads to something else by now. */
const withdrawn = async ({ qrId, destination }: Content, { redis }: HandlerContext) => {
  if (qrId === undefined || destination === undefined) return [];
  const current = await redis.hget(redirectKey(qrId), 'content');
  return current === destination ? [{ name: 'redirect', owner: qrId, writes: [clearDestination(qrId)] }] : [];
};

const isOf = <Type extends ContentEventType>(event: ContentEvent, type: Type): event is EventOf<Type> =>
  event.eventType === type;

const reasonOf = (event: ContentEvent): { readonly reason?: string } =>
  isOf(event, 'content.rejected') ? { reason: event.payload.reason } : {};

/** One handler for all of them: what an event may do stands in the table of transitions. */
export const CONTENT_HANDLERS: Handlers<'content-publishing'> = {
  'content.submitted': contentChanged,
  'content.approved': contentChanged,
  'content.rejected': contentChanged,
  'content.scheduled': contentChanged,
  'content.published': contentChanged,
  'content.unpublished': contentChanged,
  'content.archived': contentChanged,
};
