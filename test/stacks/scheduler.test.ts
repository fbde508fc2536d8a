import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topic } from '../../lib/catalog/index.ts';
import { type Connections, closeConnections, openConnections } from '../../lib/consumer/index.ts';
import { eventOf, recordOf } from '../../lib/events/index.ts';
import { readTopic } from '../../lib/operations/reader.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { until } from '../support/until.ts';

const TOPIC = 'user-lifecycle';
let stack: OwnStack;
let connections: Connections;

beforeAll(async () => {
  stack = await ownStack('scheduler');
  await stack.start();
  connections = openConnections(topic(TOPIC), stack.settings);
});
afterAll(async () => {
  if (connections !== undefined) await closeConnections(connections);
  await stack?.dispose();
});

const putFor = async (userId: string, dueAt: number): Promise<void> => {
  const { publisher, schedule } = connections;
  const event = eventOf('user.onboarding.due', { userId, step: 'tips' }, { source: 'test' });
  await schedule.put([{ key: `test/${userId}`, dueAt, record: await recordOf(publisher.codec, event) }]);
};

/** How many records of a user are on the topic. */
const countOf = async (userId: string): Promise<number> => {
  let count = 0;
  await readTopic(stack.settings, TOPIC, { from: 'beginning', untilEnd: true }, ({ key }) => {
    if (key?.toString() === userId) count += 1;
  });
  return count;
};

describe('the scheduler of a running stack', () => {
  it('publishes what becomes due, and is a function with a health and a log', async () => {
    const userId = randomUUID();
    await putFor(userId, Date.now() + 1_000);
    await until('the event is published', async () => (await countOf(userId)) === 1);
    const health = await (await fetch(`http://127.0.0.1:${stack.ports.functions}/health`)).json();
    expect(health).toMatchObject({
      ready: true,
      functions: expect.arrayContaining([expect.objectContaining({ name: 'scheduler', state: 'ready' })]),
    });
    const { code, out } = await stack.cli.run('logs', 'scheduler');
    expect(code).toBe(0);
    expect(out).toMatch(/START RequestId: /);
  });

  it('publishes after a kill and a restart what became due meanwhile', async () => {
    await stack.kill('functions');
    const userId = randomUUID();
    await putFor(userId, Date.now());
    await stack.start();
    // A scheduler that dies between publishing and taking out publishes again.
    await until('the event is published', async () => (await countOf(userId)) >= 1);
  });

  it('ends with the stack', async () => {
    expect((await stack.cli.run('stop')).code).toBe(0);
    expect(stack.processes()).toEqual([]);
  });
});
