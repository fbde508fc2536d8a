const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/**
 * 32-bit murmur2 as Kafka's Java client computes it (org.apache.kafka.common.utils.Utils.murmur2), so that every client
 * puts a key on the same partition.
 */
export const murmur2 = (data: Uint8Array): number => {
  const { length } = data;
  let h = SEED ^ length;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    let k = byte(data, i) | (byte(data, i + 1) << 8) | (byte(data, i + 2) << 16) | (byte(data, i + 3) << 24);
    k = Math.imul(k, M);
    k ^= k >>> R;
    k = Math.imul(k, M);
    h = Math.imul(h, M) ^ k;
  }
  const rest = length - i;
  if (rest >= 3) h ^= byte(data, i + 2) << 16;
  if (rest >= 2) h ^= byte(data, i + 1) << 8;
  if (rest >= 1) h = Math.imul(h ^ byte(data, i), M);
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
};

const byte = (data: Uint8Array, index: number): number => data[index] ?? 0;

/**
 * The partition of a keyed record, as the Java client's default partitioner chooses it (KIP-480 leaves keyed records alone).
 *
 * @param key the key's bytes
 * @param partitions how many partitions the topic has, at least 1
 */
export const partitionOf = (key: Uint8Array, partitions: number): number => (murmur2(key) & 0x7fffffff) % partitions;
