import type { MiddlewareHandler } from 'hono';
import { StreamError } from '../../../errors.ts';
import { type ConsoleSettings, isLoopback } from '../../../local/console/settings.ts';

/** The name in a Host header, without port and brackets. */
const nameIn = (host: string): string =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();

/**
 * Refuses requests under names that are not this machine's own: a foreign site can let its name point to 127.0.0.1 (DNS
 * rebinding), and its scripts would then be of the same origin. Where there is a token no foreign name has its cookie.
 */
export const ownHostOnly =
  ({ token }: Pick<ConsoleSettings, 'token'>): MiddlewareHandler =>
  async (c, next) => {
    if (token === undefined && !isLoopback(nameIn(c.req.header('host') ?? ''))) {
      throw new StreamError('REFUSED', 'The console answers under localhost and 127.0.0.1 only.', {
        next: 'Another name wants a token: QR_CONSOLE_TOKEN',
      });
    }
    await next();
  };
