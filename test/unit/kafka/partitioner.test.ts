import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur2, partitionOf } from '../../../lib/kafka/index.ts';

describe('murmur2', () => {
  // Values of org.apache.kafka.common.utils.Utils.murmur2, as Kafka's own UtilsTest has them.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %j is what the Java client computes', (key, expected) => {
    expect(murmur2(Buffer.from(key))).toBe(expected);
  });

  it('is a 32-bit integer for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const hash = murmur2(bytes);
        expect(hash).toBe(hash | 0);
      }),
    );
  });
});

describe('the partition of a key', () => {
  it('is the same each time and within the topic', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 500 }), (key, partitions) => {
        const partition = partitionOf(key, partitions);
        expect(partition).toBe(partitionOf(Uint8Array.from(key), partitions));
        expect(partition).toBeGreaterThanOrEqual(0);
        expect(partition).toBeLessThan(partitions);
      }),
    );
  });

  it('spreads the chunks of a batch over all partitions', () => {
    const hit = new Set(Array.from({ length: 100 }, (_, chunk) => partitionOf(Buffer.from(`batch-1:${chunk}`), 10)));
    expect(hit.size).toBe(10);
  });
});
