import type { Hono } from 'hono';
import type { ConsoleContext } from '../context.ts';

/** A group of routes; it may be loaded with its first request. */
export type Routes = (context: ConsoleContext) => Hono | Promise<Hono>;

/**
 * Every group of routes by its place under `/api`. A new view adds its file here, loaded when it is first asked for: a
 * console at which nobody looks holds neither a Kafka client nor the AWS SDK.
 */
export const ROUTES: Readonly<Record<string, Routes>> = {
  batches: async (context) => (await import('./batches.ts')).batchRoutes(context),
  'dead-letters': async (context) => (await import('./dead-letters.ts')).deadLetterRoutes(context),
  groups: async (context) => (await import('./groups.ts')).groupRoutes(context),
  connectors: async (context) => (await import('./connectors.ts')).connectorRoutes(context),
  health: async (context) => (await import('./health.ts')).healthRoutes(context),
  live: async (context) => (await import('./live.ts')).liveRoutes(context),
  messages: async (context) => (await import('./messages.ts')).messageRoutes(context),
  redis: async (context) => (await import('./redis.ts')).redisRoutes(context),
  schemas: async (context) => (await import('./schemas.ts')).schemaRoutes(context),
  topics: async (context) => (await import('./topics.ts')).topicRoutes(context),
};
