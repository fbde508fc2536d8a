import { Hono } from 'hono';
import { localUpdatesSecret, openUpdates, type Updates } from '../../updates/index.ts';
import { updatesSettingsFrom } from '../../updates/settings.ts';
import type { ConsoleContext } from './context.ts';

/** Nobody has listened for so long: the reader is closed, and opened again for whoever comes. */
const IDLE_MS = 60_000;

/**
 * `GET /updates`, the API that browsers of users read in AWS as well, see docs/updates.md. Its reader is opened for the
 * first who comes, so that a console nobody uses asks Redis nothing.
 */
export const updatesRoutes = ({ stack }: Pick<ConsoleContext, 'stack'>): Hono => {
  let updates: Updates | undefined;
  let opening: Promise<Updates> | undefined;
  const open = async (): Promise<Updates> => {
    const { settings, paths } = await stack();
    const secret = await localUpdatesSecret(paths.root);
    const made = openUpdates({ redis: settings, secret, origins: updatesSettingsFrom().origins });
    updates = made;
    const timer = setInterval(() => {
      if (made.connections > 0) return;
      clearInterval(timer);
      made.close();
      updates = undefined;
      opening = undefined;
    }, IDLE_MS);
    timer.unref();
    return made;
  };
  return new Hono().all('/', async (c) => {
    opening ??= open();
    const { app } = updates ?? (await opening);
    return app.fetch(new Request(new URL('/', c.req.url).href + new URL(c.req.url).search, c.req.raw), c.env);
  });
};
