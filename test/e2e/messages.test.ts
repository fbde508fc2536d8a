import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openPublisher } from '../../lib/events/index.ts';
import { openKafka } from '../../lib/kafka/index.ts';
import { readTopic } from '../../lib/operations/reader.ts';
import type { ReadableRecord } from '../../lib/operations/records.ts';
import { cliWith, linesOf } from '../support/cli.ts';
import { testStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const { dataDir, settings } = testStack();
const cli = cliWith({ QR_DATA_DIR: dataDir });
const kafka = openKafka(settings, { clientId: 'test' });

interface Sent {
  readonly partition: number;
  readonly offset: number;
  readonly eventId: string;
}

const records = (out: string): ReadableRecord[] => linesOf(out).map((line): ReadableRecord => JSON.parse(line));

it('a payload as written in the notes of users is published as a checked event and read back decoded', async () => {
  const published = await cli.shell(
    `./stream-manager.sh test-message analytics-events '{"userId":"test","action":"scan"}'`,
  );
  expect(published.code).toBe(0);
  const [, id = '', partition, offset] =
    /qr\.scanned (\S+) is on analytics-events, partition (\d+), offset (\d+), key test\./.exec(published.out) ?? [];
  expect(id).toMatch(/^[0-9a-f-]{36}$/);

  const { code, out, err } = await cli.run('consume', 'analytics-events', '--until-end', '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const found = records(out).find(({ headers }) => headers['event-id'] === id);
  expect(found).toMatchObject({
    topic: 'analytics-events',
    partition: Number(partition),
    offset: Number(offset),
    key: 'test',
    headers: { 'event-type': 'qr.scanned', 'content-type': 'application/vnd.confluent.avro' },
    format: 'avro',
    problem: null,
    value: { eventId: id, eventType: 'qr.scanned', payload: { userId: 'test', action: 'scan' } },
  });
  expect(Math.abs(Date.now() - Date.parse(found?.timestamp ?? ''))).toBeLessThan(120_000);
});

it('npm run kafka:test-message and kafka:consume do the same, without -- in between', async () => {
  const userId = randomUUID();
  const published = await cli.npm('kafka:test-message', 'analytics-events', `{"userId":"${userId}","action":"scan"}`);
  expect(published.code).toBe(0);
  const read = await cli.npm('kafka:consume', 'analytics-events', 'from-beginning', '--max', '1');
  expect(read.code).toBe(0);
  expect(read.out.match(/^analytics-events \[\d+\] @ \d+/gm)).toHaveLength(1);
  const all = await cli.npm('--silent', 'kafka:consume', '--', 'analytics-events', '--until-end', '--json');
  expect(records(all.out).filter(({ key }) => key === userId)).toHaveLength(1);
});

it('key and headers of a test message are the given ones', async () => {
  const key = randomUUID();
  const text = '{"userId":"u","action":"scan"}';
  const words = ['test-message', 'analytics-events', text, '--key', key, '--headers', '{"tenant":"t1"}'];
  const sent = await cli.json<Sent>(...words);
  const { out } = await cli.run('consume', 'analytics-events', '--until-end', '--json');
  const found = records(out).find((each) => each.partition === sent.partition && each.offset === sent.offset);
  expect(found).toMatchObject({ key, headers: { tenant: 't1', 'event-id': sent.eventId } });
});

it('what is wrong with a message is one sentence, and nothing is published', async () => {
  // Others publish to these topics at the same time.
  const key = randomUUID();
  const calls: readonly (readonly [words: readonly string[], code: number, sentence: RegExp])[] = [
    [['test-message', 'analytics-events', '{"userId":"test"'], 1, /It is not valid JSON/],
    [['test-message', 'analytics-events', '[]'], 1, /✗ .+/],
    [['test-message', 'analytics-events', '{"userId":"test"}'], 1, /payload\.action is missing/],
    [['test-message', 'analytics-events', '{"userId":5,"action":"scan"}'], 1, /payload\.userId/],
    [
      ['test-message', 'analytic-events', '{}'],
      1,
      /There is no topic analytic-events\.\n +Did you mean analytics-events\?/,
    ],
    [['test-message', 'notifications', '{}', '--headers', '[1]'], 2, /--headers cannot be "\[1\]"/],
    [['test-message', 'notifications', '{}', '--headers', '{"event-type":"no.such"}'], 1, /no\.such/],
    [['consume', 'notification'], 1, /Did you mean notifications\?/],
    [['consume', 'notifications', 'from-begining'], 2, /Did you mean from-beginning\?/],
    [['consume', 'notifications', '--max', '0'], 2, /--max cannot be "0"/],
  ];
  const said = await Promise.all(
    calls.map(([words]) => cli.run(...words, ...(words[0] === 'test-message' ? ['--key', key] : []))),
  );
  for (const [i, [words, code, sentence]] of calls.entries()) {
    expect({ words, ...said[i] }).toMatchObject({ words, code, out: '', err: expect.stringMatching(sentence) });
    expect(said[i]?.err).not.toMatch(/^ +at |Error:/m);
  }
  for (const topic of ['analytics-events', 'notifications']) {
    const keys: string[] = [];
    await readTopic(settings, topic, { from: 'beginning', untilEnd: true }, (record) => keys.push(String(record.key)));
    expect(keys).not.toContain(key);
  }
});

it('values that are no Avro are shown as they are, with the reason', async () => {
  const topic = `e2e-${randomUUID()}`;
  await cli.run('create-topic', topic, '1', '3600000');
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const values = ['{"a":1}', '{broken', 'plain \u001b[31m', null, Buffer.from([0, 0, 0, 99, 99, 1, 2]), Buffer.of(255)];
  for (const value of values) await producer.send({ topic, messages: [{ value }] });
  await producer.disconnect();
  const { out } = await cli.run('consume', topic, '--until-end', '--json');
  expect(records(out).map(({ format, value }) => [format, value])).toEqual([
    ['json', { a: 1 }],
    ['text', '{broken'],
    ['text', 'plain \u001b[31m'],
    ['empty', null],
    ['binary', '00000063630102'],
    ['binary', 'ff'],
  ]);
  expect(records(out)[4]?.problem).toMatch(/schema/i);
  const shown = await cli.run('consume', topic, 'from-beginning', '--max', '3');
  expect(shown.out).toContain('plain \\u001b[31m');
  expect(shown.out).not.toContain('\u001b');
});

it('consume follows new messages until Ctrl-C, ends with 130 and leaves no group behind', async () => {
  const userId = randomUUID();
  const running = cli.begin('consume', 'analytics-events');
  await until('it reads', () => running.said().err.includes('Ctrl-C ends'));
  await cli.run('test-message', 'analytics-events', `{"userId":"${userId}","action":"scan"}`);
  await until('it shows the new message', () => running.said().out.includes(userId));
  running.child.kill('SIGINT');
  const { code, out } = await running.ended;
  expect(code).toBe(130);
  // Only what was published since; the rollup of each minute comes by itself.
  const shown = out.split(/^(?=analytics-events \[)/m).filter((text) => text.startsWith('analytics-events ['));
  expect(shown.filter((text) => !text.includes('analytics.rollup')).length).toBe(1);
  const groups = await cli.json<{ group: string }[]>('groups');
  expect(groups.filter(({ group }) => group.startsWith('stream-manager-consume'))).toEqual([]);
});

it('a reader that goes away, as head does, ends the command quietly', async () => {
  // More than a pipe holds: what is written after the reader has gone meets its absence.
  const value = Buffer.from(JSON.stringify({ userId: 'u', action: 'x'.repeat(1_000) }));
  const publisher = openPublisher(settings);
  await publisher.publishRaw(
    Array.from({ length: 500 }, () => ({ topic: 'analytics-events', key: null, value, headers: [] })),
  );
  await publisher.close();
  const headOf = (command: string): string => `./stream-manager.sh ${command} | head -n 1; echo $PIPESTATUS`;
  const { code, out, err } = await cli.shell(
    `${headOf('consume analytics-events from-beginning --json')}; ${headOf('topics')}`,
  );
  expect(code).toBe(0);
  const [record = '', first, head, second] = linesOf(out);
  expect(JSON.parse(record)).toMatchObject({ topic: 'analytics-events' });
  expect(head).toMatch(/^TOPIC/);
  expect([first, second]).toEqual(['0', '0']);
  expect(err).not.toMatch(/EPIPE|Error/);
});
