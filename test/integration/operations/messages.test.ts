import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { withAdmin } from '../../../lib/operations/cluster.ts';
import { awaitFates } from '../../../lib/operations/message-fate.ts';
import { type ReadOptions, readTopic } from '../../../lib/operations/reader.ts';
import { sendTestMessages } from '../../../lib/operations/test-message.ts';
import { createTopic } from '../../../lib/operations/topics.ts';
import { testStack } from '../../support/stack.ts';

const { settings } = testStack();

it('of a message it is known that its function worked it, gave it up and why, or has not come to it', async () => {
  const payload = { contentId: randomUUID(), userId: randomUUID(), actorId: 'editor-1', version: 1 };
  const message = (type: string) => ({
    ...{ topic: 'content-publishing', json: JSON.stringify(payload), headers: { 'event-type': type } },
  });
  // Approved before it was submitted: a rule says no.
  const early = await sendTestMessages(settings, [message('content.approved')]);
  expect(await awaitFates(settings, early, { timeoutMs: 30_000 })).toMatchObject([
    { fate: { outcome: 'dead-lettered', code: 'RULE_VIOLATED' } },
  ]);
  const good = await sendTestMessages(settings, [message('content.submitted')]);
  expect(await awaitFates(settings, good, { timeoutMs: 30_000 })).toMatchObject([
    { fate: { outcome: 'worked', by: 'mark' } },
  ]);
  const beyond = good.map((sent) => ({ ...sent, key: 'nobody', offset: 1e9 }));
  expect(await awaitFates(settings, beyond, { timeoutMs: 1 })).toMatchObject([{ fate: { outcome: 'waiting' } }]);
});

it('a reader begins at a time, keeps to a partition, and counts only what is wanted', async () => {
  const topic = `read-${randomUUID()}`;
  await withAdmin(settings, (admin) => createTopic(admin, { name: topic, partitions: 2, retentionMs: -1 }));
  const messages = Array.from({ length: 6 }, (_, i) => ({ topic, json: `{"i":${i}}`, key: `k${i % 3}` }));
  const before = await sendTestMessages(settings, messages);
  const read = async (options: Pick<ReadOptions, 'from' | 'partition' | 'max'>, wanted = (_key: string) => true) => {
    const offsets: string[] = [];
    const count = await readTopic(settings, topic, { ...options, untilEnd: true }, ({ partition, offset, key }) => {
      if (!wanted(String(key))) return false;
      offsets.push(`${partition}/${offset}`);
      return true;
    });
    expect(count).toBe(offsets.length);
    return offsets.sort();
  };
  const placesOf = (sent: typeof before) => sent.map(({ partition, offset }) => `${partition}/${offset}`).sort();
  for (const partition of [0, 1]) {
    expect(await read({ from: 'beginning', partition })).toEqual(
      placesOf(before.filter((each) => each.partition === partition)),
    );
  }
  expect(await read({ from: 'beginning', max: 2 }, (key) => key === 'k1')).toHaveLength(2);
  expect(await read({ from: { time: Date.now() + 3_600_000 } })).toEqual([]);
  expect(await read({ from: { time: 0 } })).toEqual(placesOf(before));
  await expect(read({ from: 'end', partition: 2 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
