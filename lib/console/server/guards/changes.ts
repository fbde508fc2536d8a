import type { Context, MiddlewareHandler } from 'hono';
import { StreamError } from '../../../errors.ts';
import { isSame } from './secrets.ts';

/** The header that carries what `GET /api/session` has told; a form of a foreign page cannot set it. */
export const CSRF_HEADER = 'x-qr-csrf';

const READS = ['GET', 'HEAD', 'OPTIONS'];

const forbidden = (c: Context, error: string, next: string): Response =>
  c.json({ error, next, code: 'REFUSED', field: null }, 403);

/** Browsers say where a request comes from; programs that say nothing are held to the token alone. */
const isSameOrigin = (c: Context): boolean => {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === c.req.header('host');
};

/** Refuses every change that a page of another site could have caused. */
export const sameOriginChanges: MiddlewareHandler = async (c, next) => {
  if (READS.includes(c.req.method) || isSameOrigin(c)) return next();
  return forbidden(c, 'A page of another site has asked for a change.', 'Use the console’s own page');
};

/** Refuses every change without the session's token. */
export const csrfChecked =
  (csrf: string): MiddlewareHandler =>
  async (c, next) => {
    if (READS.includes(c.req.method) || isSame(c.req.header(CSRF_HEADER), csrf)) return next();
    return forbidden(c, `The header ${CSRF_HEADER} is missing or old.`, 'Reload the page; GET /api/session tells it');
  };

/** Asked by POST, because what they ask about does not fit into an address; they change nothing. */
const QUESTIONS: readonly RegExp[] = [/^\/api\/schemas\/[^/]+\/check$/];

const isQuestion = ({ req: { method, path } }: Context): boolean =>
  READS.includes(method) || (method === 'POST' && QUESTIONS.some((question) => question.test(path)));

/** Refuses every change while the console is for looking only. */
export const readOnlyWhere =
  (readOnly: boolean): MiddlewareHandler =>
  async (c, next) => {
    if (!readOnly || isQuestion(c)) return next();
    return forbidden(c, 'The console is read-only.', 'Start the stack without QR_CONSOLE_READ_ONLY');
  };

/** @throws StreamError USAGE when a change comes as anything but JSON, which a form of a foreign page could send */
export const jsonChanges: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type') ?? '';
  if (!READS.includes(c.req.method) && type !== '' && !type.startsWith('application/json')) {
    throw new StreamError('USAGE', 'Changes are sent as application/json.');
  }
  await next();
};
