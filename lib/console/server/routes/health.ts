import { Hono } from 'hono';
import type { ConsoleContext } from '../context.ts';

/** `GET /api/health`: what `health` tells on the command line. */
export const healthRoutes = ({ stack }: ConsoleContext): Hono =>
  new Hono().get('/', async (c) => c.json(await (await stack()).health()));
