import { randomBytes } from 'node:crypto';
import { Hono, type MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { ConsoleSettings } from '../../../local/console/settings.ts';
import { InputError } from '../failure.ts';
import { bodyOf } from '../input.ts';
import { isSame } from './secrets.ts';

const COOKIE = 'qr_console';
const DAY_SECONDS = 86_400;

/** Who has shown the token; nobody has to where there is none. */
export interface Doorman {
  /** Answers 401 to whoever has neither the cookie nor the token in `Authorization: Bearer`. */
  readonly admitted: MiddlewareHandler;
  /** `POST /`: takes the token and gives the cookie. */
  readonly login: Hono;
}

export const doorman = ({ token }: Pick<ConsoleSettings, 'token'>): Doorman => {
  // Not made from the token: whoever finds a cookie cannot find out the token with it. A restart asks again.
  const session = randomBytes(32).toString('base64url');
  return {
    admitted: async (c, next) => {
      const bearer = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
      if (token === undefined || isSame(getCookie(c, COOKIE), session) || isSame(bearer, token)) return next();
      const failure = { error: 'The console wants its token.', next: 'It is in QR_CONSOLE_TOKEN', code: 'REFUSED' };
      return c.json({ ...failure, field: 'token' }, 401);
    },
    login: new Hono().post('/', async (c) => {
      const given = (await bodyOf(c)).text('token');
      if (token !== undefined && !isSame(given, token)) throw new InputError('token', 'That is not the token.');
      setCookie(c, COOKIE, session, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: DAY_SECONDS });
      return c.json({ ok: true });
    }),
  };
};
