import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TOPICS } from '../../lib/catalog/index.ts';
import type { Summary } from '../../lib/operations/simulation/index.ts';
import { openObjects } from '../../lib/stores/objects.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import { isBookkeeping } from '../support/bookkeeping.ts';
import { untilCaughtUp } from '../support/caught-up.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { contentOf } from '../support/redis-content.ts';
import { until } from '../support/until.ts';

let stack: OwnStack;
beforeAll(async () => {
  stack = await ownStack('replay');
  await stack.start();
});
afterAll(() => stack?.dispose());

/**
 * What changes with time, whatever is delivered: the notes of rollups and the schedule, which the scheduler works through
 * each minute, the stream that wakes readers of updates, and domains, whose records are asked for again and again. A total
 * also says up to when its minutes are in history.
 */
const PASSES = /^(analytics:touched:|schedule:|updates-feed$|analytics:salt:|bulk:\{bulk-admission\}|domain:)/;

/** Every effect there is: everything in Redis but the bookkeeping, and the names of all objects. */
const effects = async (): Promise<Readonly<Record<string, unknown>>> => {
  const [redis, objects] = [openRedis(stack.settings), openObjects(stack.settings)];
  try {
    const keys = (await redis.keys('*')).filter((key) => !isBookkeeping(key) && !PASSES.test(key));
    const contents = await Promise.all(keys.map((key) => contentOf(redis, key)));
    const found: Record<string, unknown> = Object.fromEntries(keys.map((key, i) => [key, withoutTime(contents[i])]));
    for (const prefix of ['ledger/', 'audit/', 'dead-letters/', 'batches/', 'files/']) {
      found[prefix] = await objects.list(prefix);
    }
    return found;
  } finally {
    redis.disconnect();
    objects.close();
  }
};

const isOfDomain = (entry: unknown): boolean => JSON.stringify(entry).includes('"domain.');

const withoutTime = (content: unknown): unknown => {
  if (Array.isArray(content)) return content.filter((entry) => !isOfDomain(entry));
  if (typeof content !== 'object' || content === null) return content;
  return Object.fromEntries(Object.entries(content).filter(([field]) => field !== 'closed'));
};

const drained = () => untilCaughtUp(stack.cli, 120_000);

it('a replay of every topic from its beginning changes nothing', async () => {
  const summary = await stack.cli.json<Summary>('simulate', '--rate', '150', '--minutes', '0.1', '--seed', '21');
  expect(summary).toMatchObject({ published: 900, unexplained: 0, lag: 0 });
  // What the last records caused has taken effect as well once nothing moves any more.
  let before = await effects();
  await until(
    'nothing changes any more',
    async () => {
      const now = await effects();
      const isQuiet = isDeepStrictEqual(now, before);
      before = now;
      return isQuiet;
    },
    { timeoutMs: 60_000, everyMs: 3_000 },
  );
  for (const { consumerGroup, name } of TOPICS) {
    const { code, err } = await stack.cli.run('reset-group', consumerGroup, name, 'to-earliest', '--pause', '--yes');
    expect(code, err).toBe(0);
  }
  await drained();
  expect(await effects()).toEqual(before);
}, 600_000);
