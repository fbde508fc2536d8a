import type { Channel, TemplateData, TemplateName } from '../catalog/index.ts';
import type { EventInputs } from '../events/index.ts';
import type { FollowUp } from './effect.ts';

type Notification = Omit<EventInputs['notification.requested'], 'channel' | 'template' | 'data' | 'dedupeKey'> & {
  /** A user, channel and key are told once, whatever event says it. */
  readonly dedupeKey: string;
};

/** A notification whose data are what its template takes. */
type Filled = {
  [Name in TemplateName]: Notification & { readonly template: Name; readonly data: TemplateData<Name> };
}[TemplateName];

/** The follow-up that tells a user something. */
export const notified = (notification: Filled & { readonly channel: Channel }): FollowUp => ({
  type: 'notification.requested',
  name: `${notification.userId}/${notification.channel}/${notification.dedupeKey}`,
  payload: notification,
});

/** The ways by which a user hears of what matters to them: at once, and when they are away. */
export const IN_APP_AND_EMAIL = ['in-app', 'email'] as const;

/** The follow-ups that tell a user something in the app and by e-mail. */
export const notifiedInAppAndByEmail = (notification: Filled): FollowUp[] =>
  IN_APP_AND_EMAIL.map((channel) => notified({ ...notification, channel }));

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
