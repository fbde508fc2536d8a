import type { Redis } from '../../lib/stores/redis.ts';
import { batchKey } from './keys.ts';

/**
 * - `planned`: accepted; its items are being read, or its first chunk waits for its turn
 * - `rendering`: at least one chunk is done
 * - `assembling`: all chunks are done, the zip is being written
 */
export const BATCH_STATES = [
  'planned',
  'rendering',
  'assembling',
  'completed',
  'completed_with_errors',
  'failed',
] as const;
export type BatchState = (typeof BATCH_STATES)[number];

/** What can be read back of a batch, until 30 days after its end. */
export interface Batch {
  readonly batchId: string;
  readonly userId: string;
  readonly state: BatchState;
  readonly priority: 'normal' | 'high';
  /** Items the requester announced. */
  readonly total: number;
  /** Items with an image. */
  readonly done: number;
  /** Items in errors.csv. */
  readonly failed: number;
  /** Chunks of the plan, and those that are done; zero before there is a plan. */
  readonly chunks: number;
  readonly chunksDone: number;
  /** When the request was published, ISO 8601, UTC. */
  readonly requestedAt: string;
  readonly completedAt?: string;
  readonly failedAt?: string;
  /** Object key and bytes of the zip, once completed. */
  readonly zipKey?: string;
  readonly zipBytes?: number;
  /** Why it failed: a code of lib/errors.ts and a sentence. */
  readonly code?: string;
  readonly reason?: string;
}

/** A batch with what only its handlers need. */
export interface BatchRecord extends Batch {
  /** Counts the requests for this batchId: a failed batch can be requested again. */
  readonly attempt: number;
  /** eventId of the assembly that completed it. */
  readonly completedBy?: string;
  /** eventId of what failed it: the one event whose handling says so. */
  readonly failedBy?: string;
}

const FIELDS = [
  'userId',
  'state',
  'priority',
  'total',
  'done',
  'failed',
  'chunks',
  'chunksDone',
  'requestedAt',
  'completedAt',
  'failedAt',
  'zipKey',
  'zipBytes',
  'code',
  'reason',
  'attempt',
  'completedBy',
  'failedBy',
] as const;

export const isFinished = ({ state }: Pick<Batch, 'state'>): boolean =>
  state === 'completed' || state === 'completed_with_errors' || state === 'failed';

/** @returns the batch, or undefined when none is known by this id */
export const readBatchRecord = async (redis: Redis, batchId: string): Promise<BatchRecord | undefined> => {
  const values = await redis.hmget(batchKey(batchId), ...FIELDS);
  const found = new Map(FIELDS.map((field, i) => [field as string, values[i] ?? undefined]));
  const text = (field: (typeof FIELDS)[number]): string | undefined => found.get(field);
  const state = BATCH_STATES.find((one) => one === text('state'));
  if (state === undefined) return undefined;
  const optional = Object.fromEntries(
    (['completedAt', 'failedAt', 'zipKey', 'code', 'reason', 'completedBy', 'failedBy'] as const).flatMap((field) => {
      const value = text(field);
      return value === undefined ? [] : [[field, value]];
    }),
  );
  const zipBytes = text('zipBytes');
  return {
    batchId,
    userId: text('userId') ?? '',
    state,
    priority: text('priority') === 'high' ? 'high' : 'normal',
    total: Number(text('total') ?? 0),
    done: Number(text('done') ?? 0),
    failed: Number(text('failed') ?? 0),
    chunks: Number(text('chunks') ?? 0),
    chunksDone: Number(text('chunksDone') ?? 0),
    requestedAt: text('requestedAt') ?? '',
    attempt: Number(text('attempt') ?? 1),
    ...optional,
    ...(zipBytes === undefined ? {} : { zipBytes: Number(zipBytes) }),
  };
};

/** The state of a batch for people and programs: what `batch ID` shows. Undefined when none is known by this id. */
export const readBatch = async (redis: Redis, batchId: string): Promise<Batch | undefined> => {
  const record = await readBatchRecord(redis, batchId);
  if (record === undefined) return undefined;
  const { attempt: _attempt, completedBy: _completedBy, failedBy: _failedBy, ...batch } = record;
  return batch;
};
