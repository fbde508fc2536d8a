/**
 * A partition that no topic has: records that a test makes up must not lie between those of the stack's own functions, who
 * keep books of every partition by its offsets.
 */
export const newPartition = (): number => 1_000_000 + Math.floor(Math.random() * 1_000_000_000);

/** Whether a key of Redis is of the bookkeeping of what has taken effect, and not an effect. */
export const isBookkeeping = (key: string): boolean => /^(seen|exceptions|ids|log|failures):/.test(key);
