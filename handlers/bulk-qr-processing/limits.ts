import { BATCH_LIMITS } from '../../lib/batches/limits.ts';

const MIB = 1024 * 1024;

/** What one batch may ask for, and how it is cut. The messages users see name these numbers. */
export const LIMITS = {
  ...BATCH_LIMITS,
  /** Bytes of a template. */
  templateBytes: 64 * 1024,
  /** Bytes of a logo file, and its width and height in px. */
  logoBytes: 2 * MIB,
  logoPx: 4_096,
  /** UTF-8 bytes of an image's file name without its ending. */
  stemBytes: 200,
} as const;

/** How work is spread. */
export const WORK = {
  /** Items of a chunk whose images are plain; a chunk takes some 50 ms then. */
  chunkItems: 400,
  /** Chunks of one priority class that are published and not done: what a batch of the other class can wait for. */
  windowChunks: 40,
  /** How long a published chunk may stay undone before it is published again. */
  leaseMs: 600_000,
  /** How often a chunk is published again before its batch fails. */
  leases: 3,
  /** How long the answer to one cause is remembered, for its re-delivery. */
  memoSeconds: 86_400,
  /** How long the state of a finished batch can be read back. */
  stateSeconds: 30 * 86_400,
} as const;
