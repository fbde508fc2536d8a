import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventTypesOf, TOPICS } from '../../lib/catalog/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import {
  type Codec,
  type EventOf,
  eventFromJson,
  openPublisher,
  type RawRecord,
  recordOf,
} from '../../lib/events/index.ts';
import type { GroupSummary } from '../../lib/operations/groups.ts';
import type { Summary } from '../../lib/operations/simulation/index.ts';
import { linesOf } from '../support/cli.ts';
import { HOSTILE_VALUES, hostilePayload } from '../support/hostile.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { randomFrom } from '../support/random.ts';
import { until } from '../support/until.ts';

let stack: OwnStack;
beforeAll(async () => {
  stack = await ownStack('simulate');
  await stack.start();
});
afterAll(async () => {
  await stack?.dispose();
});

const lags = async (): Promise<Record<string, number>> => {
  const groups = await stack.cli.json<GroupSummary[]>('groups');
  return Object.fromEntries(groups.map(({ group, lag }) => [group, lag]));
};
const NO_LAG = Object.fromEntries(TOPICS.map(({ consumerGroup }) => [consumerGroup, 0]));

describe('a simulated day on a stack of its own', () => {
  it('accounts for every record, and leaves no group behind', async () => {
    const summary = await stack.cli.json<Summary>('simulate', '--rate', '100', '--minutes', '0.05', '--seed', '11');
    expect(summary).toMatchObject({ published: 300, unexplained: 0, unexplainedAt: [], lag: 0 });
    expect(summary.processed + summary.deadLettered).toBe(300);
    expect(summary.deadLettered).toBeGreaterThan(0);
    expect(summary.processed).toBeGreaterThan(270);
    expect(await lags()).toEqual(NO_LAG);
  });

  it('says the same for people, with the reasons of the dead letters', async () => {
    const { code, out, err } = await stack.cli.run('simulate', '--rate', '50', '--minutes', '0.02', '--seed', '12');
    expect(code).toBe(0);
    expect(out).toMatch(/✓ 60 published = \d+ processed \+ \d+ dead-lettered \+ 0 unexplained/);
    expect(linesOf(out)[0]).toMatch(/^TOPIC +PUBLISHED/);
    expect(err).toContain('Next: ./stream-manager.sh groups');
  });

  it('refuses a rate that is none', async () => {
    const { code, err } = await stack.cli.run('simulate', '--rate', '0');
    expect(code).toBe(2);
    expect(err).toContain('It must be a whole number from 1 to 20000.');
  });
});

/** None, where the publisher itself refuses the event: without a key it would have no place. */
const recordsOf = async (codec: Codec, event: EventOf): Promise<RawRecord[]> => {
  try {
    return [await recordOf(codec, event)];
  } catch (error) {
    if (error instanceof PermanentError) return [];
    throw error;
  }
};

/** How often each event type comes with values nobody sane would send. */
const TIMES = 4;

describe('thirteen functions', () => {
  it('meet records nobody sane would send: none fails, none is lost, and no partition waits', async () => {
    const publisher = openPublisher(stack.settings, { clientId: 'hostile' });
    const random = randomFrom(13);
    const records: RawRecord[] = [];
    for (const topic of TOPICS) {
      for (const type of eventTypesOf(topic).flatMap((one) => Array.from({ length: TIMES }, () => one))) {
        const json = JSON.stringify({ eventType: type, payload: hostilePayload(type, random) });
        records.push(...(await recordsOf(publisher.codec, eventFromJson(topic.name, json))));
      }
      for (const value of HOSTILE_VALUES) {
        const headers = [['event-type', Buffer.from([0xff])] as const];
        records.push({ topic: topic.name, key: Buffer.from([0xff, 0xfe]), value, headers });
      }
    }
    await publisher.publishRaw(records);
    await publisher.close();
    await until(
      'every group has worked everything',
      async () => JSON.stringify(await lags()) === JSON.stringify(NO_LAG),
    );
    // What an error nobody foresaw brings here is retried; and the reason of all the others is the record itself.
    const rows = await stack.cli.json<{ code: string; counts: { retrying: number } }[]>('dlq');
    expect(rows.filter(({ code, counts }) => code === 'UNEXPECTED' || counts.retrying > 0)).toEqual([]);
    expect(rows.map(({ code }) => code)).toEqual(expect.arrayContaining(['UNDECODABLE', 'TOMBSTONE', 'INVALID_EVENT']));
  });
});
