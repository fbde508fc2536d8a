import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { StreamError } from '../../../errors.ts';
import type { ConsoleContext } from '../context.ts';

/** More pages than this at once are a mistake. */
const MOST = 50;
/** A silent connection is closed by what lies between. */
const HEARTBEAT_MS = 15_000;

/** `GET /api/live`: Server-Sent Events `figures` and `health`, see LiveEvents. */
export const liveRoutes = ({ live }: ConsoleContext): Hono => {
  let open = 0;
  return new Hono().get('/', (c) => {
    if (open >= MOST) throw new StreamError('REFUSED', `${MOST} pages are looking already.`);
    open += 1;
    c.header('cache-control', 'no-store');
    return streamSSE(c, async (stream) => {
      await new Promise<void>((resolve) => {
        const leave = live.listen((event, data) => void stream.writeSSE({ event, data: JSON.stringify(data) }));
        const heartbeat = setInterval(() => void stream.write(': still here\n\n'), HEARTBEAT_MS);
        stream.onAbort(() => {
          open -= 1;
          leave();
          clearInterval(heartbeat);
          resolve();
        });
      });
    });
  });
};
