import type { EventTypeOn } from '../../lib/catalog/index.ts';

/** Where a content stands. */
export type ContentState =
  | 'submitted'
  | 'approved'
  | 'rejected'
  | 'scheduled'
  | 'published'
  | 'unpublished'
  | 'archived';

export type ContentEventType = EventTypeOn<'content-publishing'>;

interface Transition {
  readonly to: ContentState;
  /** States it may start from; `new` is a content nobody has spoken of before. */
  readonly from: readonly (ContentState | 'new')[];
}

/** What each event does to a content. Archived is the end. */
export const TRANSITIONS: Readonly<Record<ContentEventType, Transition>> = {
  'content.submitted': { to: 'submitted', from: ['new', 'submitted', 'rejected', 'unpublished', 'published'] },
  'content.approved': { to: 'approved', from: ['submitted'] },
  'content.rejected': { to: 'rejected', from: ['submitted'] },
  'content.scheduled': { to: 'scheduled', from: ['approved', 'scheduled', 'unpublished'] },
  'content.published': { to: 'published', from: ['approved', 'scheduled', 'published', 'unpublished'] },
  'content.unpublished': { to: 'unpublished', from: ['published', 'scheduled'] },
  'content.archived': {
    to: 'archived',
    from: ['submitted', 'approved', 'rejected', 'scheduled', 'published', 'unpublished'],
  },
};

/** Whether a content in `state` may be changed by an event of this type. */
export const isAllowed = (type: ContentEventType, state: ContentState | undefined): boolean =>
  TRANSITIONS[type].from.includes(state ?? 'new');
