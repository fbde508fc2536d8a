import { describe, expect, it } from 'vitest';
import { Batcher } from '../../../lib/local/functions/batcher.ts';
import { FlowControl } from '../../../lib/local/functions/flow.ts';
import { recordOf } from '../../support/source-records.ts';

const MIB = 1024 * 1024;

const system = (batchSize: number, value = 'v') => {
  const batcher = new Batcher({ batchSize, windowMs: 0, batchBytes: 6 * MIB, partitionBytes: 30 });
  const turns: string[] = [];
  const faucet = {
    pause: (partition: number) => turns.push(`pause ${partition}`),
    resume: (partition: number) => turns.push(`resume ${partition}`),
  };
  const flow = new FlowControl(faucet, batcher, batchSize);
  flow.reset(1);
  let offset = 0;
  return {
    turns,
    flow,
    fill: (partition: number, count: number) => {
      const records = Array.from({ length: count }, () => recordOf(partition, offset++, { value }));
      batcher.push(partition, records, 0);
      flow.filled(partition);
    },
    take: () => {
      const batch = batcher.take(0) ?? [];
      const partitions = new Set(batch.map(({ partition }) => partition));
      flow.drained(partitions);
      for (const partition of partitions) batcher.release(partition);
    },
  };
};

describe('flow control', () => {
  it('shuts a partition that has enough, once, and opens it at half', () => {
    const { turns, fill, take } = system(500);
    fill(0, 4_999);
    expect(turns).toEqual([]);
    fill(0, 1);
    fill(0, 100);
    expect(turns).toEqual(['pause 0']);
    for (let i = 0; i < 5; i++) take();
    expect(turns).toEqual(['pause 0']);
    take();
    expect(turns).toEqual(['pause 0', 'resume 0']);
  });

  it('counts bytes as well, and each partition by itself', () => {
    const { turns, fill } = system(10_000, 'x'.repeat(100_000));
    fill(0, 40);
    fill(1, 70);
    expect(turns).toEqual(['pause 1']);
  });

  it('lets a mapping of many partitions hold no more than one of few', () => {
    const { turns, flow, fill } = system(10_000, 'x'.repeat(100_000));
    flow.reset(50);
    fill(0, 12);
    expect(turns).toEqual(['pause 0']);
  });

  it('starts over with a new assignment', () => {
    const { turns, flow, fill } = system(1);
    fill(0, 2_000);
    flow.reset(1);
    fill(0, 1);
    expect(turns).toEqual(['pause 0', 'pause 0']);
  });
});
