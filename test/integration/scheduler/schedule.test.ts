import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { topic } from '../../../lib/catalog/index.ts';
import { closeConnections, openConnections } from '../../../lib/consumer/index.ts';
import { DEAD_LETTER_HEADER, eventOf, headerText, type RawRecord, recordOf } from '../../../lib/events/index.ts';
import { type LogRecord, readTopic } from '../../../lib/operations/reader.ts';
import { openSchedule, type Periodic, publishDue, publishPeriodic } from '../../../lib/scheduler/index.ts';
import { SCHEDULER } from '../../../lib/scheduler/publish-due.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();
const TOPIC = 'user-lifecycle';
const connections = openConnections(topic(TOPIC), settings);
const { redis, objects, publisher } = connections;
/** A schedule of its own: the scheduler of the stack does not know it. */
const NAME = `test-${randomUUID()}`;
const schedule = openSchedule(redis, objects, NAME);
afterAll(() => closeConnections(connections));

const KEYS = ['', ':entries', ':epoch'].map((part) => `schedule:{${NAME}}${part}`);

const recordFor = (userId: string, step: string): Promise<RawRecord> =>
  recordOf(publisher.codec, eventOf('user.onboarding.due', { userId, step }, { source: 'test' }));

/** The steps on the topic that are this user's, in order. */
const stepsOf = async (userId: string): Promise<unknown[]> => {
  const found: LogRecord[] = [];
  await readTopic(settings, TOPIC, { from: 'beginning', untilEnd: true }, (record) => {
    if (record.key?.toString() === userId) found.push(record);
  });
  const events = await Promise.all(found.map((record) => publisher.codec.decode(record)));
  return events.map(({ payload }) => ('step' in payload ? payload.step : undefined));
};

const PAST = Date.parse('2001-01-01T00:00:00Z');

describe('the schedule', () => {
  it('publishes what is due, in the order of its due time, once, and keeps the rest', async () => {
    const userId = randomUUID();
    const entries = await Promise.all(
      [3, 1, 2, 9].map(async (minute) => ({
        key: `test/${userId}/${minute}`,
        dueAt: PAST + minute,
        record: await recordFor(userId, `step ${minute}`),
      })),
    );
    await schedule.put(entries);
    const keys: string[] = [];
    for await (const { key } of schedule.entries()) keys.push(key);
    expect(keys.toSorted()).toEqual(entries.map(({ key }) => key).toSorted());
    await publishDue(schedule, publisher, PAST + 5);
    await publishDue(schedule, publisher, PAST + 5);
    expect(await stepsOf(userId)).toEqual(['step 1', 'step 2', 'step 3']);
    await schedule.cancel([`test/${userId}/9`]);
    await publishDue(schedule, publisher, PAST + 20);
    expect(await stepsOf(userId)).toHaveLength(3);
  });

  it('keeps the newer of two entries with one key, and leaves no object behind', async () => {
    const userId = randomUUID();
    const key = `test/${userId}`;
    await schedule.put([{ key, dueAt: PAST + 1, record: await recordFor(userId, 'first') }]);
    await schedule.put([{ key, dueAt: PAST + 2, record: await recordFor(userId, 'second') }]);
    const before = await objects.list(`schedule/${NAME}/`);
    await publishDue(schedule, publisher, PAST + 10);
    expect(await stepsOf(userId)).toEqual(['second']);
    expect(await objects.list(`schedule/${NAME}/`)).toHaveLength(before.length - 1);
  });

  it('gets back from object storage what a Redis without data has lost', async () => {
    const userId = randomUUID();
    const key = `test/${userId}`;
    await schedule.recover();
    await schedule.put([{ key, dueAt: PAST + 1, record: await recordFor(userId, 'kept') }]);
    await redis.del(...KEYS);
    expect(await schedule.due(PAST + 10, 10)).toEqual([]);
    await schedule.recover();
    await publishDue(schedule, publisher, PAST + 10);
    expect(await stepsOf(userId)).toEqual(['kept']);
    expect(await schedule.recover()).toBe(0);
  });

  it('does not bring back what was cancelled while Redis was without data', async () => {
    const userId = randomUUID();
    const key = `test/${userId}`;
    await schedule.put([{ key, dueAt: PAST + 1, record: await recordFor(userId, 'gone') }]);
    await redis.del(...KEYS);
    await schedule.cancel([key]);
    await schedule.recover();
    await publishDue(schedule, publisher, PAST + 10);
    expect(await stepsOf(userId)).toEqual([]);
  });

  it('hands a record that no broker will ever take to the dead-letter queue, and goes on', async () => {
    const userId = randomUUID();
    const key = Buffer.from(userId);
    const lost: RawRecord = { topic: `no-${userId}`, key, value: Buffer.from('x'), headers: [] };
    await schedule.put([
      { key: `test/${userId}/lost`, dueAt: PAST + 1, record: lost },
      { key: `test/${userId}/good`, dueAt: PAST + 2, record: await recordFor(userId, 'good') },
    ]);
    await publishDue(schedule, publisher, PAST + 10);
    expect(await stepsOf(userId)).toEqual(['good']);
    const letters: LogRecord[] = [];
    await readTopic(settings, 'dead-letter-queue', { from: 'beginning', untilEnd: true }, (record) => {
      // The function of the stack refuses the strange steps of these tests, which is another matter.
      const isOurs = headerText(record.headers, DEAD_LETTER_HEADER.consumer) === SCHEDULER;
      if (isOurs && record.key?.equals(key)) letters.push(record);
    });
    expect(letters).toHaveLength(1);
    expect(letters[0]?.headers).toEqual(
      expect.arrayContaining([
        [DEAD_LETTER_HEADER.topic, Buffer.from(`no-${userId}`)],
        [DEAD_LETTER_HEADER.consumer, Buffer.from('scheduler')],
        [DEAD_LETTER_HEADER.errorCode, Buffer.from('NOT_FOUND')],
      ]),
    );
  });
});

describe('a periodic event', () => {
  it('is published once a period, whoever asks, and only for the newest after a pause', async () => {
    const userId = randomUUID();
    const daily: Periodic = {
      name: `test-${userId}`,
      everyMs: 86_400_000,
      event: (start, origin) => eventOf('user.onboarding.due', { userId, step: start }, { source: 'test', ...origin }),
    };
    const at = (time: string): Promise<void> => publishPeriodic([daily], redis, publisher, Date.parse(time));
    await at('2001-01-01T08:00:00Z');
    await at('2001-01-01T23:59:59Z');
    await at('2001-01-04T00:00:00Z');
    await at('2001-01-02T00:00:00Z');
    expect(await stepsOf(userId)).toEqual(['2001-01-01T00:00:00.000Z', '2001-01-04T00:00:00.000Z']);
  });
});
