import type { ConsoleSettings } from '../../local/console/settings.ts';
import type { Stack } from '../../local/stack.ts';
import type { LiveFeed } from './live/feed.ts';

/** What the routes work with. */
export interface ConsoleContext {
  /** The stack as it is now: it may have been started anew, with more services, since the last request. */
  readonly stack: () => Promise<Pick<Stack, 'settings' | 'ports' | 'paths' | 'functionsUrl' | 'health'>>;
  readonly access: ConsoleSettings;
  readonly live: LiveFeed;
}
