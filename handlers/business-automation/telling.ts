import type { FollowUp } from '../../lib/consumer/index.ts';

const CHANNELS = ['in-app', 'email'] as const;

/** What a user is told of a domain, in the app and by e-mail. */
export const onBothChannels = (make: (channel: (typeof CHANNELS)[number]) => FollowUp): FollowUp[] =>
  CHANNELS.map(make);
