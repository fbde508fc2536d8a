import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPublisher } from '../../lib/events/index.ts';
import { MORE_BROKERS } from '../../lib/local/services/index.ts';
import { settingsOfPorts } from '../../lib/local/stack-settings.ts';
import { withAdmin } from '../../lib/operations/cluster.ts';
import type { Settings } from '../../lib/settings.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { until } from '../support/until.ts';

/** The life of a stack with three brokers, in the order of the tests. */

let stack: OwnStack;
let settings: Settings;
beforeAll(async () => {
  stack = await ownStack('three');
  settings = settingsOfPorts(stack.ports, process.env, [MORE_BROKERS]);
  await stack.start('--brokers', '3');
});
afterAll(() => stack.dispose());

const record = { topic: 'audit-logs', partition: 0, key: Buffer.from('key'), value: Buffer.from('{}'), headers: [] };

const inSync = (): Promise<readonly (readonly [replicas: number, inSync: number])[]> =>
  withAdmin(settings, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: ['audit-logs', 'payment-events'] });
    return topics.flatMap(({ partitions }) =>
      partitions.map(({ replicas, isr }) => [replicas.length, isr.length] as const),
    );
  });

describe('a stack of three brokers', () => {
  it('is well, and each of them is among its services', async () => {
    const { code, out } = await stack.cli.run('health');
    expect(code).toBe(0);
    expect(out).toContain('kafka-2');
    expect(out).toContain('kafka-3');
  });

  it('has every record on all of them', async () => {
    expect(new Set((await inSync()).map(([replicas]) => replicas))).toEqual(new Set([3]));
  });

  it('tells other commands of all of them: they go on without the first', async () => {
    await stack.kill('kafka');
    // The others lead its partitions once they miss it.
    await until('the topics are told', async () => (await stack.cli.run('topics')).code === 0, { timeoutMs: 90_000 });
  });

  it('takes records while one of them is gone, and none while two are', async () => {
    const publisher = openPublisher(settings, { retries: 8 });
    await publisher.publishRaw([record]);
    await stack.kill('kafka-2');
    const impatient = openPublisher(settings, { retries: 0 });
    await expect(impatient.publishRaw([record])).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    await Promise.all([publisher.close(), impatient.close()]);
  });

  it('is brought back by a start that does not name their number', async () => {
    await stack.start();
    expect((await inSync()).length).toBeGreaterThan(0);
    expect(stack.pid('kafka-3')).toBeGreaterThan(0);
  });

  it('does not become one of another number while there are data', async () => {
    await expect(stack.start('--brokers', '1')).rejects.toThrow('The data of this stack are of 3 broker(s).');
    await stack.start('--brokers', '3');
  });

  it('is forgotten with its data', async () => {
    await stack.cli.run('stop', '--wipe', '--yes');
    await stack.start();
    expect(() => stack.pid('kafka-2')).toThrow('kafka-2 was not started');
  });
});
