import type { TopicName } from '../../catalog/index.ts';

/** What a record of a topic is, and what it takes to work it. */
export interface Work {
  /** Of a hundred records on all topics, follow-ups included. */
  readonly share: number;
  /** Bytes on the broker, with key, headers and the frame of its batch. */
  readonly bytes: number;
  /** Milliseconds of a whole processor for each call, and for each record in it. */
  readonly callCpuMs: number;
  readonly recordCpuMs: number;
  /** Milliseconds of waiting for Redis, S3, SES and the like. */
  readonly callWaitMs: number;
  readonly recordWaitMs: number;
  /** Commands of Redis for each record, those within scripts included. */
  readonly cacheCommands: number;
  /** Microseconds of a processor of Redis for each record. */
  readonly cacheMicros: number;
}

/**
 * Measured: a call with one record takes 1.4 ms of a processor once it is warm. How much of that is the call's and how much
 * the record's is an estimate, as is all waiting: no function has run in AWS yet.
 */
const usual = {
  callCpuMs: 1,
  recordCpuMs: 0.4,
  callWaitMs: 4,
  recordWaitMs: 0.5,
  cacheCommands: 20,
  cacheMicros: 280,
} as const;

/**
 * Shares and sizes: measured on a local stack by `simulate --rate 300 --minutes 1.5 --seed 7` on 2026-11-24, 41,977 records
 * on the topics for 27,000 that were published. Scans: `npm run bench:analytics`, 7,328 a second in one process, which waits
 * for Redis in that time as well. Batches: 50 codes at 4,700 a second, and the object. The rest is estimated.
 *
 * Redis: 17.7 commands and 183 µs a record of all topics (`capacity --measure --events 200000 --seed 5`, 2026-11-30); a scan in
 * a full batch takes 70 µs, so that the others take what is left. That each command takes one processing unit of ElastiCache is
 * AWS's rule for simple commands of up to 1 KB. Of scripts AWS says that the vCPU time they take counts where it is more than
 * their data (ElastiCache pricing, "ECPUs"); that time is taken to be that of the commands in them.
 */
export const WORK: Readonly<Record<TopicName, Work>> = {
  'bulk-qr-processing': { ...usual, share: 0.55, bytes: 488, recordCpuMs: 12, recordWaitMs: 40 },
  'analytics-events': {
    ...usual,
    share: 64.85,
    bytes: 529,
    recordCpuMs: 0.136,
    recordWaitMs: 0,
    cacheCommands: 14,
    cacheMicros: 70,
  },
  notifications: { ...usual, share: 12.63, bytes: 531, recordWaitMs: 10 },
  'file-processing': { ...usual, share: 0.32, bytes: 538, recordCpuMs: 200, recordWaitMs: 60 },
  'payment-events': { ...usual, share: 1.88, bytes: 480, recordWaitMs: 2 },
  'team-collaboration': { ...usual, share: 3.57, bytes: 418 },
  'content-publishing': { ...usual, share: 2.14, bytes: 423 },
  'ecommerce-sync': { ...usual, share: 6.54, bytes: 461 },
  'business-automation': { ...usual, share: 0.2, bytes: 571, recordWaitMs: 200 },
  'user-lifecycle': { ...usual, share: 1.51, bytes: 391 },
  'data-retention': { ...usual, share: 0.11, bytes: 478, recordWaitMs: 500 },
  'audit-logs': { ...usual, share: 5.38, bytes: 611, callWaitMs: 40, recordWaitMs: 0 },
  'dead-letter-queue': { ...usual, share: 0.32, bytes: 723, recordWaitMs: 30 },
};
