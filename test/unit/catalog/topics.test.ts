import { describe, expect, it } from 'vitest';
import { TOPICS, topic, topicOf } from '../../../lib/catalog/index.ts';

const DAY = 86_400_000;

/** The design's table, written out once more on purpose: the catalog must agree with it. */
const DESIGN = [
  ['bulk-qr-processing', 10, 7, 'qr-processors'],
  ['analytics-events', 50, 30, 'analytics-processors'],
  ['notifications', 5, 3, 'notification-senders'],
  ['file-processing', 8, 7, 'file-processors'],
  ['payment-events', 3, 90, 'payment-processors'],
  ['team-collaboration', 5, 30, 'team-processors'],
  ['content-publishing', 5, 7, 'content-publishers'],
  ['ecommerce-sync', 3, 7, 'ecommerce-syncers'],
  ['business-automation', 3, 7, 'automation-workers'],
  ['user-lifecycle', 5, 30, 'lifecycle-workers'],
  ['data-retention', 3, 7, 'retention-workers'],
  ['audit-logs', 3, 365, 'audit-writers'],
  ['dead-letter-queue', 3, 7, 'dead-letter-handlers'],
] as const;

describe('the catalog', () => {
  it.each(DESIGN)('declares %s with %i partitions, %i days and group %s', (name, partitions, retentionDays, group) => {
    const entry = topic(name);
    expect(entry.partitions).toBe(partitions);
    expect(entry.retentionMs).toBe(retentionDays * DAY);
    expect(entry.consumerGroup).toBe(group);
  });

  it('has exactly the 13 topics and 106 partitions', () => {
    expect(TOPICS.map((entry) => entry.name)).toEqual(DESIGN.map(([name]) => name));
    expect(TOPICS.reduce((sum, entry) => sum + entry.partitions, 0)).toBe(106);
  });

  it('gives every topic a consumer group of its own', () => {
    expect(new Set(TOPICS.map((entry) => entry.consumerGroup)).size).toBe(TOPICS.length);
  });

  it('puts an event type on one topic only', () => {
    const types = TOPICS.flatMap((entry) => Object.keys(entry.events));
    expect(new Set(types).size).toBe(types.length);
    expect(topicOf('qr.scanned')?.name).toBe('analytics-events');
    expect(topicOf('qr.unheard.of')).toBeUndefined();
  });

  // Lambda Developer Guide: msk-esm-parameters, kafka-retry-configurations, kafka-scaling-modes, kafka-consumer-group-id.
  it.each(TOPICS)(
    'keeps $name within the documented limits of an event source mapping',
    ({ mapping, function: lambda, partitions, consumerGroup }) => {
      expect(mapping.batchSize).toBeGreaterThanOrEqual(1);
      expect(mapping.batchSize).toBeLessThanOrEqual(10_000);
      expect(mapping.batchingWindowSeconds).toBeLessThanOrEqual(300);
      expect(mapping.maximumRetryAttempts).toBeLessThanOrEqual(10_000);
      expect(mapping.maximumRecordAgeSeconds).toBeGreaterThanOrEqual(60);
      expect(mapping.maximumRecordAgeSeconds).toBeLessThanOrEqual(604_800);
      expect(mapping.minimumPollers).toBeLessThanOrEqual(mapping.maximumPollers);
      expect(mapping.maximumPollers).toBeLessThanOrEqual(partitions);
      expect(lambda.timeoutSeconds).toBeLessThanOrEqual(840);
      expect(consumerGroup).toMatch(/^[a-zA-Z0-9\-/*:_+=.@]{1,200}$/);
    },
  );

  it('never keeps a record longer in retries than in its topic', () => {
    for (const { mapping, retentionMs } of TOPICS) {
      expect(mapping.maximumRecordAgeSeconds * 1_000).toBeLessThanOrEqual(retentionMs);
    }
  });
});
