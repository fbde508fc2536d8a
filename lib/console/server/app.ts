import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { StreamError } from '../../errors.ts';
import type { ConsoleContext } from './context.ts';
import { answerFailure } from './failure.ts';
import { csrfChecked, jsonChanges, readOnlyWhere, sameOriginChanges } from './guards/changes.ts';
import { safeHeaders } from './guards/headers.ts';
import { ownHostOnly } from './guards/host.ts';
import { doorman } from './guards/token.ts';
import { lazily } from './lazily.ts';
import { liveFeed } from './live/feed.ts';
import { type PageFiles, pageRoutes } from './page-files.ts';
import { ROUTES, type Routes } from './routes/index.ts';
import type { Session } from './session.ts';

/** What a message to be sent may have with everything around it; the broker takes no more either. */
const BODY_BYTES = 1_200_000;

/**
 * The console: its page, and under `/api` what the page asks for. Every group of routes stands in {@link ROUTES}; the
 * guards before them are the same for all.
 */
export const consoleApp = (given: Omit<ConsoleContext, 'live'>, page: PageFiles): Hono => {
  const { access } = given;
  const context: ConsoleContext = { ...given, live: liveFeed(given) };
  const { admitted, login } = doorman(access);
  const csrf = randomBytes(24).toString('base64url');
  const session: Session = { csrf, readOnly: access.readOnly, hasToken: access.token !== undefined };
  const api = new Hono()
    .use(sameOriginChanges, jsonChanges, bodyLimit({ maxSize: BODY_BYTES, onError: tooLarge }))
    .route('/login', login)
    .use(admitted)
    .get('/session', (c) => c.json(session))
    .use(readOnlyWhere(access.readOnly), csrfChecked(csrf))
    .use(async (c, next) => {
      await next();
      if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
    });
  for (const [name, routes] of Object.entries(ROUTES)) {
    const answered = lazily(`/api/${name}`, routes, context);
    api.all(`/${name}`, answered).all(`/${name}/*`, answered);
  }
  api.all('*', (c) => {
    throw new StreamError('NOT_FOUND', `There is nothing at ${c.req.method} ${c.req.path}.`);
  });
  // Each is a Hono of its own, and answers its failures itself.
  api.onError(answerFailure);
  return new Hono()
    .use(safeHeaders)
    .onError(answerFailure)
    .get('/healthz', (c) => c.json({ ok: true }))
    .use(ownHostOnly(access))
    .route('/api', api)
    .all('/updates', lazily('/updates', updates, context))
    .get('/metrics', admitted, lazily('/metrics', metrics, context))
    .route('/', pageRoutes(page));
};

const updates: Routes = async (context) => (await import('./updates.ts')).updatesRoutes(context);
const metrics: Routes = async (context) => (await import('./metrics/routes.ts')).metricsRoutes(context);

const tooLarge = (): never => {
  throw new StreamError('USAGE', `A request has at most ${BODY_BYTES} bytes.`);
};
