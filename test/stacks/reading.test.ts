import { afterAll, beforeAll, expect, it } from 'vitest';
import { GZIP, openKafka, openProducer, readStretches } from '../../lib/kafka/index.ts';
import { withAdmin } from '../../lib/operations/cluster.ts';
import { readTopic } from '../../lib/operations/reader.ts';
import { boundsOf, createTopic } from '../../lib/operations/topics.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';

const TOPIC = 'read-through-an-outage';
const SENDS = 60;
const A_SEND = 1_000;

let stack: OwnStack;
beforeAll(async () => {
  stack = await ownStack();
  await stack.start();
  await withAdmin(stack.settings, (admin) => createTopic(admin, { name: TOPIC, partitions: 3, retentionMs: -1 }));
  const producer = openProducer(openKafka(stack.settings, { clientId: 'test' }));
  await producer.connect();
  for (let i = 0; i < SENDS; i += 1) {
    const messages = Array.from({ length: A_SEND }, () => ({ value: Buffer.alloc(500, i), partition: i % 3 }));
    await producer.send({ topic: TOPIC, messages, compression: i % 2 === 0 ? GZIP : 0 });
  }
  await producer.disconnect();
});
afterAll(() => stack.dispose());

/** Kills the broker when so many records have been read, once. */
const killsAfter = (records: number) => {
  let count = 0;
  return async (): Promise<void> => {
    count += 1;
    if (count === records) await stack.kill('kafka');
  };
};

it('a reader that has an end fails when the broker goes and stays away: it never ends well with a part', async () => {
  const bounds = await withAdmin(stack.settings, (admin) => boundsOf(admin, TOPIC));
  const stretches = bounds.map(({ partition, begin, end }) => ({ topic: TOPIC, partition, from: begin, end }));
  const kill = killsAfter(5_000);
  const onRecords = async (_: object, records: readonly object[]): Promise<undefined> => {
    for (const _record of records) await kill();
    return undefined;
  };
  const limits = { partitionBytes: 100_000 };
  await expect(
    readStretches(stack.settings, stretches, onRecords, { clientId: 'test', patienceMs: 1_000, limits }),
  ).rejects.toThrow();
  await stack.start();
});

it('a reader that has an end has all of it when the broker comes back', async () => {
  const kill = killsAfter(1);
  let back: Promise<void> | undefined;
  const count = await readTopic(stack.settings, TOPIC, { from: 'beginning', untilEnd: true }, async () => {
    await kill();
    back ??= stack.start();
  });
  expect(count).toBe(SENDS * A_SEND);
  await back;
});
