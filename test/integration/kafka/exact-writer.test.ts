import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AbortedTransactions } from '../../../lib/kafka/aborted-transaction.ts';
import { ExactWriter, headersToWrite, type Message, openKafka } from '../../../lib/kafka/index.ts';
import { Leader } from '../../../lib/kafka/leader.ts';
import { withAdmin } from '../../../lib/operations/cluster.ts';
import { deleteTopics, makeTopic, topicContent } from '../../support/restored-topics.ts';
import { testStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';

const { settings } = testStack();
const topic = `exact-${randomUUID().slice(0, 8)}`;
const place = (partition: number) => ({ topic, partition });
const message = (value: string): Message => ({ key: null, value, headers: headersToWrite([]) });

beforeAll(() => makeTopic(settings, topic, {}, 4));
afterAll(() => deleteTopics(settings, [topic]));

const offsetsOf = async (partition: number): Promise<readonly number[]> =>
  ((await topicContent(settings, topic)).records[partition] ?? []).map(({ offset }) => offset);

it('records get the offsets they are to have, and nothing lies in between', async () => {
  await withAdmin(settings, async (admin) => {
    const writer = new ExactWriter(settings, admin, place(0), `${topic}-0`);
    let end = await writer.append(await writer.end(), [message('a'), message('b')]);
    end = await writer.skip(end, 3);
    end = await writer.append(end, [message('c')]);
    end = await writer.skip(end, 704);
    end = await writer.append(end, [message('d')]);
    expect([end, await writer.end()]).toEqual([705, 705]);
    writer.close();
  });
  expect(await offsetsOf(0)).toEqual([0, 1, 3, 704]);
});

it('where markers may not be written, a transaction without a record takes one offset, with some one more', async () => {
  await withAdmin(settings, async (admin) => {
    const leader = new Leader(settings, admin, place(1));
    const transactions = new AbortedTransactions(settings, leader, place(1), `${topic}-1`);
    const writer = new ExactWriter(settings, admin, place(1), `${topic}-other`);
    for (const [count, end] of [
      [0, 1],
      [4, 6],
    ] as const) {
      // The transaction before may not be quite over.
      await until('it is taken', () => transactions.write(count).then(() => true), { everyMs: 20 });
      await until('its marker is written', async () => (await writer.end()) === end, { everyMs: 20 });
    }
    expect(await writer.append(6, [message('a')])).toBe(7);
    transactions.forget();
    leader.forget();
    writer.close();
  });
  expect(await offsetsOf(1)).toEqual([6]);
});

it('a transaction that a killed writer has left open is ended, and its offsets are part of the gap', async () => {
  const id = `${topic}-2`;
  const killed = openKafka(settings, { clientId: 'test' }).producer({
    ...{ transactionalId: id, idempotent: true, maxInFlightRequests: 1, transactionTimeout: 600_000 },
  });
  await killed.connect();
  const transaction = await killed.transaction();
  await transaction.send({ topic, messages: [1, 2, 3].map((i) => ({ ...message(`${i}`), partition: 2 })) });
  await killed.disconnect();
  await withAdmin(settings, async (admin) => {
    const writer = new ExactWriter(settings, admin, place(2), id);
    await writer.fence();
    expect(await writer.end()).toBe(4);
    expect(await writer.append(await writer.skip(4, 20_000), [message('a')])).toBe(20_001);
    writer.close();
  });
  expect(await offsetsOf(2)).toEqual([20_000]);
});

it('a record that something else has written is noticed', async () => {
  await withAdmin(settings, async (admin) => {
    const [writer, other] = ['a', 'b'].map((name) => new ExactWriter(settings, admin, place(3), `${topic}-${name}`));
    await writer?.append(0, [message('a')]);
    await other?.append(1, [message('foreign')]);
    await expect(writer?.append(1, [message('b')])).rejects.toMatchObject({ code: 'REFUSED' });
    writer?.close();
    other?.close();
  });
});
