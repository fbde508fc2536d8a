import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOPICS } from '../../lib/catalog/index.ts';
import { openKafka } from '../../lib/kafka/index.ts';
import { cliWith, linesOf } from '../support/cli.ts';
import { testStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const { dataDir, settings } = testStack();
const cli = cliWith({ QR_DATA_DIR: dataDir });
const kafka = openKafka(settings, { clientId: 'test' });
const admin = kafka.admin();

const TOPIC = `e2e-${randomUUID()}`;
const GROUP = `e2e-group-${randomUUID()}`;
/** Records of partition 0 and 1, and when the first of the younger half was made. */
const RECORDS = [6, 4] as const;
const YOUNGER = Date.parse('2026-01-31T08:00:00Z');

interface Group {
  readonly group: string;
  readonly state: string;
  readonly members: number;
  readonly lag: number;
  readonly topics: readonly string[];
}
interface Partition {
  readonly partition: number;
  readonly committed: number | null;
  readonly end: number;
  readonly lag: number;
  readonly member: string | null;
}

const detail = (): Promise<Group & { partitionDetails: Partition[]; memberDetails: unknown[] }> =>
  cli.json('describe-group', GROUP);
/** What the broker has, asked without the command line; -1 where nothing was committed. */
const committed = async (): Promise<number[]> => {
  const [stored] = await admin.fetchOffsets({ groupId: GROUP, topics: [TOPIC] });
  return (stored?.partitions ?? []).sort((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset));
};

/** A consumer that stays in the group until it is called. */
const member = async (): Promise<() => Promise<void>> => {
  const consumer = kafka.consumer({ groupId: GROUP });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC });
  await consumer.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
  return () => consumer.disconnect();
};

afterAll(() => admin.disconnect());
beforeAll(async () => {
  await admin.connect();
  await cli.run('create-topic', TOPIC, '2', '-1');
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  for (const [partition, count] of RECORDS.entries()) {
    const messages = Array.from({ length: count }, (_, i) => ({
      partition,
      value: `${i}`,
      timestamp: String(YOUNGER + (i < count / 2 ? -60_000 : 60_000)),
    }));
    await producer.send({ topic: TOPIC, messages });
  }
  await producer.disconnect();
  const leave = await member();
  await leave();
});

describe('groups', () => {
  it('lists the catalog’s groups with state, members, lag and topics, and every other one', async () => {
    const groups = await cli.json<Group[]>('groups');
    expect(groups.slice(0, TOPICS.length).map(({ group, topics }) => ({ group, topics }))).toEqual(
      TOPICS.map(({ consumerGroup, name }) => ({ group: consumerGroup, topics: [name] })),
    );
    for (const group of groups) {
      expect(Object.keys(group)).toEqual(['group', 'state', 'members', 'lag', 'topics']);
    }
    expect(groups.find(({ group }) => group === 'qr-processors')).toMatchObject({ state: 'Stable', members: 1 });
    const told = await cli.npm('streams:groups');
    expect(told.code).toBe(0);
    expect(told.out).toMatch(/^qr-processors +Stable +1 +\d/m);
  });

  it('suggests the nearest name for one that is not there', async () => {
    const { code, out, err } = await cli.run('describe-group', 'qr-procesors');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('There is no consumer group qr-procesors.\n  Did you mean qr-processors?');
  });
});

describe('lag', () => {
  it('is told in records and in time, a line each time while it is watched, until Ctrl-C ends it well', async () => {
    const watching = cli.begin('lag', '--watch', '--every', '1');
    const line = await until('a line is told', () => linesOf(watching.said().out)[0], { timeoutMs: 90_000 });
    watching.child.kill('SIGINT');
    expect(await watching.ended).toMatchObject({ code: 0 });
    const { groups }: { groups: { group: string; topic: string; lag: number; lagMs: number | null }[] } =
      JSON.parse(line);
    for (const { consumerGroup, name } of TOPICS) {
      expect(groups).toContainEqual(expect.objectContaining({ group: consumerGroup, topic: name }));
    }
    const told = await cli.run('groups', '--lag');
    expect(told.out).toMatch(/^GROUP +TOPIC +STATE +MEMBERS +LAG +PARTITIONS BEHIND +LAG TIME\n/);
  });
});

describe('reset-group', () => {
  it('goes to the earliest offset when no place is named, and shows from and to of every partition', async () => {
    const dry = await cli.run('reset-group', GROUP, TOPIC, '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.out).toContain('Dry run: nothing was changed.');
    expect(await committed()).toEqual([-1, -1]);
    expect(await cli.run('reset-group', GROUP, TOPIC, 'to-latest')).toMatchObject({ code: 0 });
    expect(await committed()).toEqual([6, 4]);
    const { code, out } = await cli.run('reset-group', GROUP, TOPIC);
    expect(code).toBe(0);
    expect(out).toContain(`${GROUP} on ${TOPIC}: 10 messages again`);
    expect(out).toMatch(/^ +0 +6 +0 +-6$/m);
    const oldestUnread = new Date(YOUNGER - 60_000).toISOString();
    expect(await detail()).toMatchObject({ state: 'Empty', lag: 10, oldestUnread, lagMs: expect.any(Number) });
  });

  it('goes to an offset, the nearest where a partition does not have it', async () => {
    const { code, out } = await cli.run('reset-group', GROUP, TOPIC, 'to-offset', '5');
    expect(code).toBe(0);
    expect(out).toContain('5 is past the end: set to the end');
    expect(await committed()).toEqual([5, 4]);
    const outside = await cli.run('reset-group', GROUP, TOPIC, 'to-offset', '99');
    expect(outside.code).toBe(1);
    expect(outside.err).toContain('Offset 99 lies in no partition: they hold 0 to 6.');
    expect(await committed()).toEqual([5, 4]);
  });

  it('goes to the first record at or after a time', async () => {
    const { code } = await cli.run('reset-group', GROUP, TOPIC, 'to-datetime', '2026-01-31T08:00:00Z');
    expect(code).toBe(0);
    expect(await committed()).toEqual([3, 2]);
    await cli.run('reset-group', GROUP, TOPIC, 'to-datetime', '2027-01-01');
    expect(await committed()).toEqual([6, 4]);
  });

  it('shifts some of the partitions', async () => {
    const shift = ['reset-group', GROUP, 'shift-by', '-2', '--topic-partition', `${TOPIC}:0`] as const;
    expect(await cli.json(...shift)).toMatchObject({
      changed: 1,
      steps: [{ partition: 0, from: 6, to: 4, change: 2 }],
    });
    expect(await committed()).toEqual([4, 4]);
    await cli.run('reset-group', GROUP, TOPIC, 'to-latest');
  });

  it('is refused while the group has a member, and changes nothing', async () => {
    const leave = await member();
    try {
      const { code, err } = await cli.run('reset-group', GROUP, TOPIC, 'to-earliest');
      expect(code).toBe(1);
      expect(err).toContain(`Group ${GROUP} is active (Stable, 1 member).`);
      const busy = await detail();
      expect(busy).toMatchObject({ state: 'Stable', members: 1 });
      expect(busy.partitionDetails.map(({ committed: offset }) => offset)).toEqual([6, 4]);
      expect(busy.partitionDetails.map(({ member: reader }) => reader)).toEqual(['test', 'test']);
    } finally {
      await leave();
    }
  });

  it('refuses a place it does not know', async () => {
    const calls: readonly (readonly [words: readonly string[], sentence: string])[] = [
      [['to-earlyest'], 'Did you mean to-earliest?'],
      [['to-offset'], 'to-offset needs the offset.'],
      [['to-datetime', 'yesterday'], '"yesterday" is no time in ISO 8601.'],
      [['to-latest', '5'], 'to-latest takes no value'],
    ];
    const said = await Promise.all(calls.map(([words]) => cli.run('reset-group', GROUP, TOPIC, ...words)));
    for (const [i, [words, sentence]] of calls.entries()) {
      expect({ words, ...said[i] }).toMatchObject({ words, code: 2, out: '', err: expect.stringContaining(sentence) });
    }
  });

  it('with --pause pauses the local function of the topic meanwhile, and it works again afterwards', async () => {
    // Something that was worked, so that there is something to go back over.
    await cli.json('demo', '--items', '5');
    const words = ['reset-group', 'qr-processors', 'bulk-qr-processing', 'to-earliest'] as const;
    const refused = await cli.run(...words);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Group qr-processors is active') });
    const { code, out, err } = await cli.run(...words, '--pause');
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(out).toContain('qr-processors continues at the new offsets of bulk-qr-processing');
    await until('the function reads again', async () => {
      const group = await cli.json<Group>('describe-group', 'qr-processors');
      return group.state === 'Stable' && group.members === 1;
    });
    const other = await cli.run('reset-group', GROUP, TOPIC, 'to-earliest', '--pause');
    expect(other.code).toBe(1);
    expect(other.err).toContain(`The local functions have no mapping for topic ${TOPIC}`);
  });
});
