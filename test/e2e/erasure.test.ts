import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { eventOf, openPublisher } from '../../lib/events/index.ts';
import { readTopic } from '../../lib/operations/reader.ts';
import type { Letter } from '../../lib/stores/dead-letters/index.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import { appendUpdate, updatesKey } from '../../lib/stores/updates.ts';
import { cliWith } from '../support/cli.ts';
import { testStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const { dataDir, settings } = testStack();
const cli = cliWith({ QR_DATA_DIR: dataDir });
const publisher = openPublisher(settings);
const redis = openRedis(settings);
afterAll(async () => {
  redis.disconnect();
  await publisher.close();
});

/** What the audit log has been told about a user, in order. */
const actionsOn = async (userId: string): Promise<string[]> => {
  const actions: string[] = [];
  await readTopic(settings, 'audit-logs', { from: 'beginning', untilEnd: true }, async (record) => {
    const payload = new Map<string, unknown>(Object.entries((await publisher.codec.decode(record)).payload));
    if (payload.get('resource') === `user/${userId}`) actions.push(String(payload.get('action')));
  });
  return actions;
};

it('what is held is not erased; lifted, the erasure takes all, dead letters too, and leaves its proof', async () => {
  const userId = randomUUID();
  await appendUpdate(redis, { userId, type: 'test', id: randomUUID(), data: {} });
  const early = { contentId: randomUUID(), userId, actorId: 'editor-1', version: 1 };
  await publisher.publish(eventOf('content.approved', early, { source: 'test' }));
  const letters = async () =>
    (await cli.json<Letter[]>('dlq', 'list', '--letters', '--topic', 'content-publishing', '--limit', '1000')).filter(
      ({ users }) => users.includes(userId),
    );
  await until('the dead letter is there', async () => (await letters()).length === 1);
  const ask = () =>
    cli.run(
      'test-message',
      'data-retention',
      JSON.stringify({ userId, requestedBy: userId }),
      '--headers',
      '{"event-type":"user.erasure.requested"}',
    );

  expect(await cli.json('hold', 'add', 'user', userId, '--reason', 'case 1')).toMatchObject({
    kind: 'user',
    subject: userId,
    reason: 'case 1',
  });
  expect(await cli.json('hold', 'list')).toContainEqual(
    expect.objectContaining({ kind: 'user', subject: userId, reason: 'case 1', inForce: true }),
  );
  await ask();
  await until('it is put off', async () => (await actionsOn(userId)).includes('user.erasure.postponed'));
  expect(await redis.exists(updatesKey(userId))).toBe(1);

  expect(await cli.json('hold', 'remove', 'user', userId)).toEqual({ kind: 'user', subject: userId });
  await ask();
  await until('the proof is there', async () => (await actionsOn(userId)).includes('user.erased'));
  expect(await actionsOn(userId)).toEqual(['hold.added', 'user.erasure.postponed', 'hold.removed', 'user.erased']);
  expect(await redis.exists(updatesKey(userId))).toBe(0);
  expect(await letters()).toEqual([]);
});

it('a hold is set with a reason, and a time to come; one that is not there cannot be removed', async () => {
  const calls: readonly (readonly [words: readonly string[], code: number, sentence: RegExp])[] = [
    [['hold', 'add', 'user', 'u'], 2, /--reason/],
    [['hold', 'add', 'team', 'u', '--reason', 'x'], 2, /KIND cannot be "team"/],
    [['hold', 'add', 'user', 'u', '--reason', 'x', '--until', '2020-01-01'], 2, /--until cannot be "2020-01-01"/],
    [['hold', 'remove', 'user', randomUUID()], 1, /There is no hold on user/],
  ];
  for (const [words, code, sentence] of calls) {
    expect({ words, ...(await cli.run(...words)) }).toMatchObject({ code, err: expect.stringMatching(sentence) });
  }
});
