import type { Hono } from 'hono';
import type { ConsoleContext } from '../context.ts';
import { batchRoutes } from './batches.ts';
import { healthRoutes } from './health.ts';
import { liveRoutes } from './live.ts';
import { messageRoutes } from './messages.ts';
import { topicRoutes } from './topics.ts';

/** Every group of routes by its place under `/api`. A new view adds its file here. */
export const ROUTES: Readonly<Record<string, (context: ConsoleContext) => Hono>> = {
  batches: batchRoutes,
  health: healthRoutes,
  live: liveRoutes,
  messages: messageRoutes,
  topics: topicRoutes,
};
