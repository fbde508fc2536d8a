import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import type { RedisSettings } from '../settings.ts';
import { type Admission, openAdmission } from './admission.ts';
import { isEntryId } from './entry-id.ts';
import { type Feed, openFeed } from './feed/feed.ts';
import { LIMITS, type Limits } from './limits.ts';
import { readUpdatesToken, type TokenClaims } from './token.ts';

export interface UpdatesOptions {
  readonly redis: RedisSettings;
  /** By which the tokens are signed, see `issueUpdatesToken`. */
  readonly secret: string;
  /** Origins (`https://app.example`) whose pages may read; pages of this server's own origin always may. */
  readonly origins?: readonly string[];
  /** Where they are to differ from {@link LIMITS}. */
  readonly limits?: Partial<Limits>;
}

/** The updates API of this process. */
export interface Updates {
  /** Answers `GET /`: mount it under the path it is to have. */
  readonly app: Hono;
  /** How many connections there are. */
  readonly connections: number;
  /** Lets nobody in any more and tells every client to come back; the server's sockets are the caller's to close. */
  close(): void;
}

/** Neither kept by caches nor held back by proxies; the address, which may hold a token, is told to nobody. */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'referrer-policy': 'no-referrer',
};

/**
 * Opens the API: Server-Sent Events of what is appended to `updates:<userId>`, for whoever has a token of that user. One
 * blocking reader serves all connections.
 */
export const openUpdates = ({ redis, secret, origins = [], limits = {} }: UpdatesOptions): Updates => {
  const all = { ...LIMITS, ...limits };
  const feed = openFeed(redis, all);
  const admission = openAdmission(all);
  const app = new Hono();
  app.use(
    cors({
      origin: (origin) => (origins.includes(origin) ? origin : null),
      allowMethods: ['GET'],
      allowHeaders: ['Authorization', 'Last-Event-ID', 'Cache-Control'],
      exposeHeaders: ['Retry-After'],
      maxAge: 600,
    }),
  );
  app.get('/', async (c) => {
    // Hono answers HEAD with what GET gives, less its body; nobody would ever end that.
    if (c.req.raw.method === 'HEAD') return c.body(null, 200, HEADERS);
    const claims = await readUpdatesToken(tokenOf(c), secret);
    if (claims === undefined) {
      c.header('www-authenticate', 'Bearer');
      return c.json({ message: 'Updates need a token that is not expired. Ask your application for a new one.' }, 401);
    }
    const user = c.req.query('user');
    if (user !== undefined && user !== claims.userId) {
      return c.json({ message: 'The token is for another user.' }, 403);
    }
    const lastEventId = c.req.header('last-event-id') || c.req.query('lastEventId') || undefined;
    if (lastEventId !== undefined && !isEntryId(lastEventId)) {
      return c.json({ message: 'Last-Event-ID is not the id of an update. Connect without one.' }, 400);
    }
    return await streamTo(c, claims, lastEventId, { feed, admission });
  });
  return {
    app,
    get connections() {
      return admission.size;
    },
    close: () => {
      admission.shut();
      feed.close();
    },
  };
};

/** EventSource cannot set headers, so that the query may hold it as well; a header counts for more. */
const tokenOf = (c: Context): string => {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
  return bearer ?? c.req.query('token') ?? '';
};

const streamTo = async (
  c: Context,
  claims: TokenClaims,
  lastEventId: string | undefined,
  { feed, admission }: { readonly feed: Feed; readonly admission: Admission },
): Promise<Response> => {
  const place = admission.enter(claims.userId);
  if (typeof place !== 'function') {
    c.header('retry-after', String(place.retryAfter));
    return c.json({ message: place.message }, place.status);
  }
  try {
    const { body } = await feed.join({ ...claims, lastEventId, onEnd: place });
    return c.body(body, 200, HEADERS);
  } catch {
    place();
    c.header('retry-after', '2');
    return c.json({ message: 'Redis is out of reach. Try again.' }, 503);
  }
};
