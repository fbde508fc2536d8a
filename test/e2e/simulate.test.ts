import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GroupSummary } from '../../lib/operations/groups.ts';
import type { Summary } from '../../lib/operations/simulation/index.ts';
import { linesOf } from '../support/cli.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';

let stack: OwnStack;
beforeAll(async () => {
  stack = await ownStack('simulate');
  await stack.start();
});
afterAll(async () => {
  await stack?.dispose();
});

describe('a simulated day on a stack of its own', () => {
  it('accounts for every record, and leaves no group behind', async () => {
    const summary = await stack.cli.json<Summary>('simulate', '--rate', '200', '--minutes', '0.05', '--seed', '11');
    expect(summary).toMatchObject({ published: 600, unexplained: 0, unexplainedAt: [], lag: 0 });
    expect(summary.processed + summary.deadLettered).toBe(600);
    expect(summary.deadLettered).toBeGreaterThan(0);
    expect(summary.processed).toBeGreaterThan(560);
    const groups = await stack.cli.json<GroupSummary[]>('groups');
    expect(groups.map(({ group, lag }) => ({ group, lag }))).toEqual(groups.map(({ group }) => ({ group, lag: 0 })));
    expect(groups).toHaveLength(13);
  });

  it('says the same for people, with the reasons of the dead letters', async () => {
    const { code, out, err } = await stack.cli.run('simulate', '--rate', '200', '--minutes', '0.02', '--seed', '12');
    expect(code).toBe(0);
    expect(out).toMatch(/✓ 240 published = \d+ processed \+ \d+ dead-lettered \+ 0 unexplained/);
    expect(linesOf(out)[0]).toMatch(/^TOPIC +PUBLISHED/);
    expect(err).toContain('Next: ./stream-manager.sh groups');
  });

  it('refuses a rate that is none', async () => {
    const { code, err } = await stack.cli.run('simulate', '--rate', '0');
    expect(code).toBe(2);
    expect(err).toContain('It must be a whole number from 1 to 20000.');
  });
});
