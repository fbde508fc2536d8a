import type { Logger } from '@aws-lambda-powertools/logger';
import type { ObjectStore } from '../stores/objects.ts';
import type { Redis } from '../stores/redis.ts';

/** What the work of several events together gets. */
export interface BatchContext {
  readonly redis: Redis;
  readonly objects: ObjectStore;
  /** Structured logs that carry the record's ids. Nothing at info for each record, never payload data of persons. */
  readonly logger: Logger;
  /** Milliseconds until the harness gives the record up, so that there is time to report it. */
  readonly remainingMs: () => number;
  /** Aborted at that time. */
  readonly signal: AbortSignal;
}

/** What a handler gets beside its event. */
export interface HandlerContext extends BatchContext {
  /** `{…}`: hash tag of the record's key, for the keys of {@link Effect.writes}. */
  readonly tag: string;
}
