import { Hono } from 'hono';
import { memoryUse } from '../../../local/memory-use.ts';
import { withAdmin } from '../../../operations/cluster.ts';
import { catalogProgress } from '../../../operations/groups.ts';
import type { ConsoleContext } from '../context.ts';
import { familiesOf } from './families.ts';
import { CONTENT_TYPE, metricsText } from './text.ts';

/** `GET /metrics`: what the page shows, as Prometheus reads it; looked up when it is asked for. */
export const metricsRoutes = ({ stack, live }: ConsoleContext): Hono =>
  new Hono().get('/', async (c) => {
    const { settings, paths, health } = await stack();
    const [totals, report, progress, memory] = await Promise.all([
      live.totals(),
      health(),
      // The rest is worth knowing while the broker is gone, above all that it is.
      withAdmin(settings, catalogProgress).catch(() => []),
      memoryUse(paths),
    ]);
    c.header('content-type', CONTENT_TYPE);
    c.header('cache-control', 'no-store');
    return c.body(metricsText(familiesOf({ totals, health: report, progress, memory })));
  });
