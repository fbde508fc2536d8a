import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY_KINDS } from '../../lib/operations/capacity/cache/index.ts';
import type { Measurement } from '../../lib/operations/capacity/measure/index.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';

let stack: OwnStack;
beforeAll(async () => {
  stack = await ownStack('capacity');
  await stack.start();
});
afterAll(async () => {
  await stack?.dispose();
});

describe('capacity --measure, on a stack of its own', () => {
  it('knows the kind of every key there is, and predicts the memory of a run', async () => {
    const { code, out, err } = await stack.cli.run(
      'capacity',
      '--measure',
      '--events',
      '20000',
      '--seed',
      '4',
      '--json',
    );
    expect(code, err).toBe(0);
    const found: Measurement = JSON.parse(out);
    expect(found.unknown).toEqual([]);
    expect(found.events).toBe(20_000);
    expect(found.kinds.map(({ kind }) => kind)).toEqual(KEY_KINDS.map(({ name }) => name));
    expect(found.total.measured.keys).toBeGreaterThan(20_000);
    expect(Math.abs(found.used.differencePercent ?? 100)).toBeLessThanOrEqual(20);
  });
});
