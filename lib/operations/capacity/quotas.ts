import { StreamError } from '../../errors.ts';

/** What AWS allows, or advises. Pages are those of the services' developer guides. */
export const QUOTAS = {
  /** Lambda, "Lambda quotas": of an account, unless raised. */
  accountConcurrency: 1_000,
  /** Lambda, kafka-scaling-modes: what one event poller carries. */
  pollerCalls: 5,
  pollerBytes: 5_000_000,
  /** Lambda, kafka-scaling-modes: an event poller unit. */
  unitPollers: 10,
  unitBytes: 20_000_000,
  /** Lambda, msk-esm-parameters: of one call; base64 makes a third more of a record, its frame somewhat more. */
  callBytes: 6_000_000,
  callBytesPerByte: 1.4,
  /** Lambda, configuration-memory: MiB at which a function has one processor of its own. */
  processorMb: 1_769,
} as const;

const MIB = 1_024 * 1_024;

/** What a broker takes. */
export interface BrokerSize {
  readonly instanceType: 'express.m7g.large' | 'kafka.m7g.large' | 'kafka.t3.small';
  /** Bytes a second from clients, sustained. */
  readonly ingress: number;
  /** Partitions, copies included. */
  readonly partitions: number;
}

/**
 * Express: MSK, "Amazon MSK Express broker quota", sustained. Partitions: MSK, "Right-size your cluster". MSK publishes no
 * ingress of Standard brokers: 4.8 MiB/s is what AWS's own sizing gives an m7g.large (12 of them for 56.5 MiB/s), and a
 * third of it, a guess, for the t3.small, which may use a fifth of its processor.
 */
const SIZES: readonly BrokerSize[] = [
  { instanceType: 'express.m7g.large', ingress: 15.6 * MIB, partitions: 1_000 },
  { instanceType: 'kafka.m7g.large', ingress: 4.8 * MIB, partitions: 1_000 },
  { instanceType: 'kafka.t3.small', ingress: 1.6 * MIB, partitions: 300 },
];

/** @throws StreamError NOT_FOUND where nobody has written down what the brokers of a type take */
export const brokerSize = (instanceType: string): BrokerSize => {
  const found = SIZES.find((size) => size.instanceType === instanceType);
  if (found === undefined)
    throw new StreamError('NOT_FOUND', `It is not known what a broker ${instanceType} takes and costs.`, {
      next: 'Add it to lib/operations/capacity/quotas.ts and its price to lib/catalog/prices.ts',
    });
  return found;
};

/** A node of a cache. */
export interface CacheNode {
  readonly instanceType: `cache.r7g.${'large' | 'xlarge' | '2xlarge' | '4xlarge' | '8xlarge' | '12xlarge' | '16xlarge'}`;
  readonly gib: number;
}

/** ElastiCache, "Supported node types", and its price list for the memory. */
export const CACHE_NODES: readonly CacheNode[] = [
  { instanceType: 'cache.r7g.large', gib: 13.07 },
  { instanceType: 'cache.r7g.xlarge', gib: 26.32 },
  { instanceType: 'cache.r7g.2xlarge', gib: 52.82 },
  { instanceType: 'cache.r7g.4xlarge', gib: 105.81 },
  { instanceType: 'cache.r7g.8xlarge', gib: 209.55 },
  { instanceType: 'cache.r7g.12xlarge', gib: 317.77 },
  { instanceType: 'cache.r7g.16xlarge', gib: 419.09 },
];
