import type { Channel, TemplateData, TemplateName } from '../catalog/index.ts';
import type { EventInputs } from '../events/index.ts';
import type { FollowUp } from './effect.ts';

type Notification = Omit<EventInputs['notification.requested'], 'channel' | 'template' | 'data' | 'dedupeKey'> & {
  readonly channel: Channel;
  /** A user, channel and key are told once, whatever event says it. */
  readonly dedupeKey: string;
};

/** A notification whose data are what its template takes. */
type Filled = {
  [Name in TemplateName]: Notification & { readonly template: Name; readonly data: TemplateData<Name> };
}[TemplateName];

/** The follow-up that tells a user something. */
export const notified = (notification: Filled): FollowUp => ({
  type: 'notification.requested',
  name: `${notification.userId}/${notification.channel}/${notification.dedupeKey}`,
  payload: notification,
});

/** Something to be remembered of who did what. */
export interface Audit {
  readonly tenantId?: string;
  readonly actor: string;
  /** Dotted, e.g. `team.member.removed`. */
  readonly action: string;
  /** E.g. `team/42`. */
  readonly resource: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** The follow-up that writes an audit record; `before` and `after` go as JSON. */
export const audited = ({ before, after, tenantId, ...rest }: Audit): FollowUp => ({
  type: 'audit.recorded',
  name: `${rest.action}/${rest.resource}`,
  payload: {
    ...rest,
    tenantId: tenantId ?? null,
    before: before === undefined ? null : JSON.stringify(before),
    after: after === undefined ? null : JSON.stringify(after),
  },
});
