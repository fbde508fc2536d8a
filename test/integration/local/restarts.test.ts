import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../../lib/functions/index.ts';
import type { FunctionHost, HostOptions } from '../../../lib/local/functions/host.ts';
import { type Hosted, hosted, numbered, offsetsByPartition, Scene } from '../../support/hosted.ts';
import { until } from '../../support/until.ts';

const SLOW = { partitions: 3, mapping: { batchSize: 20 } } as const;
const TOPICS = {
  paused: hosted('records', SLOW),
  left: hosted('records', { function: { timeoutSeconds: 60 } }),
  shared: hosted('records', { ...SLOW, partitions: 4 }),
  killed: hosted('records', SLOW),
  broken: hosted('records'),
  stopped: hosted('records'),
} as const;

const scene = new Scene();
const hosts: FunctionHost[] = [];
const processes: ChildProcess[] = [];

beforeAll(() => scene.open(Object.values(TOPICS)));
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop(0)));
  for (const child of processes.splice(0)) child.kill('SIGKILL');
});
afterAll(() => scene.close());

const start = async (topic: Hosted): Promise<FunctionHost> => {
  const host = await scene.host([topic]);
  hosts.push(host);
  return host;
};
const mappingOf = (host: FunctionHost, topic: Hosted) => {
  const mapping = host.mapping(topic.name);
  if (!mapping) throw new Error('no mapping');
  return mapping;
};
const sendEverywhere = (topic: Hosted, count: number, from: number, delayMs: number) =>
  Promise.all(
    Array.from({ length: topic.partitions }, (_, i) => scene.send(topic, i, numbered(count, from, { delayMs }))),
  );
const seenOf = async (topic: Hosted) => offsetsByPartition(await scene.seen(topic));
const everyOffset = (topic: Hosted, count: number) =>
  Array.from({ length: topic.partitions }, (_, partition) => [partition, [...Array(count).keys()]]);

/** A process that is gone, or is a zombie whose parent has not looked yet. */
const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  return existsSync(`/proc/${pid}/stat`) && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
};

const startProcess = async (options: HostOptions): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/host-process.ts'], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, HOST_OPTIONS: JSON.stringify(options) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.push(child);
  if (child.stdout === null) throw new Error('no output');
  await once(child.stdout, 'data');
  return child;
};

describe('a mapping that is paused and resumed', () => {
  it('while batches are in flight loses nothing, doubles nothing and keeps the order', async () => {
    const mapping = mappingOf(await start(TOPICS.paused), TOPICS.paused);
    await sendEverywhere(TOPICS.paused, 100, 0, 20);
    for (const calls of [2, 5, 9]) {
      await until(`${calls} calls`, async () => (await scene.calls(TOPICS.paused)).length >= calls);
      await mapping.pause();
      expect(mapping.health()).toMatchObject({ state: 'paused', inFlight: 0 });
      const { members } = (await scene.admin.describeGroups([TOPICS.paused.consumerGroup])).groups[0] ?? {};
      expect(members).toEqual([]);
      const seen = await seenOf(TOPICS.paused);
      const committed = await scene.committed(TOPICS.paused);
      for (const [partition, offsets] of seen) expect(committed[partition]).toBe(offsets.length);
      await mapping.resume();
    }
    await sendEverywhere(TOPICS.paused, 20, 100, 0);
    await scene.untilCommitted(TOPICS.paused, 120, 120, 120);
    expect([...(await seenOf(TOPICS.paused))].sort()).toEqual(everyOffset(TOPICS.paused, 120));
  });

  it('without time for the batch in flight delivers it again, after its first run has ended', async () => {
    const mapping = mappingOf(await start(TOPICS.left), TOPICS.left);
    await scene.send(TOPICS.left, 0, numbered(3, 0, { delayMs: 1_500 }));
    await until('the batch is in flight', async () => (await scene.calls(TOPICS.left)).length === 1);
    await mapping.pause(0);
    await mapping.resume();
    await scene.untilCommitted(TOPICS.left, 3);
    const [first, second, ...others] = await scene.calls(TOPICS.left);
    expect(others).toEqual([]);
    expect(second?.records).toEqual(first?.records);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_500);
  });
});

describe('a rebalance', () => {
  it('takes partitions away and gives them back without loss, and without a commit of what was not done', async () => {
    const host = await start(TOPICS.shared);
    // More than the host works off before the other member is in the group: batches are in flight when it joins.
    await sendEverywhere(TOPICS.shared, 150, 0, 300);
    await until('some calls', async () => (await scene.calls(TOPICS.shared)).length >= 2);

    const taken = new Map<number, number[]>();
    const other = scene.kafka.consumer({ groupId: TOPICS.shared.consumerGroup, heartbeatInterval: 500 });
    await other.connect();
    // Where nothing of a partition is committed yet it begins at the beginning, as the mapping would.
    await other.subscribe({ topics: [TOPICS.shared.name], fromBeginning: true });
    await other.run({
      eachMessage: async ({ partition, message }) => {
        taken.set(partition, [...(taken.get(partition) ?? []), Number(message.offset)]);
      },
    });
    await until('both have partitions', () => mappingOf(host, TOPICS.shared).health().detail === '2 partition(s)');
    await sendEverywhere(TOPICS.shared, 5, 150, 0);
    await until('the other member has records', () => taken.size === 2);
    await other.disconnect();

    await sendEverywhere(TOPICS.shared, 5, 155, 0);
    await scene.untilCommitted(TOPICS.shared, 160, 160, 160, 160);
    const seen = await seenOf(TOPICS.shared);
    for (let partition = 0; partition < 4; partition++) {
      const all = new Set([...(seen.get(partition) ?? []), ...(taken.get(partition) ?? [])]);
      expect([...all].sort((a, b) => a - b)).toEqual([...Array(160).keys()]);
    }
    expect(mappingOf(host, TOPICS.shared).health().detail).toBe('4 partition(s)');
  });
});

describe('a host', () => {
  it('that is killed takes its functions along, and one started after it delivers everything at least once', async () => {
    const options = await scene.hostOptions([TOPICS.killed]);
    const first = await startProcess(options);
    await sendEverywhere(TOPICS.killed, 100, 0, 100);
    await until('some calls', async () => (await scene.calls(TOPICS.killed)).length >= 4);
    first.kill('SIGKILL');
    await once(first, 'exit');
    const pids = [...new Set((await scene.calls(TOPICS.killed)).map(({ pid }) => pid))];
    await until('its functions are gone', () => pids.every(isGone), { timeoutMs: 5_000 });

    const second = await startProcess(options);
    await scene.untilCommitted(TOPICS.killed, 100, 100, 100);
    const seen = await seenOf(TOPICS.killed);
    expect([...seen].map(([partition, offsets]) => [partition, [...new Set(offsets)]]).sort()).toEqual(
      everyOffset(TOPICS.killed, 100),
    );
    // Only what was in flight, two batches of up to twenty, was delivered twice.
    const doubled = [...seen.values()].flat().length - 300;
    expect(doubled).toBeLessThanOrEqual(60);
    second.kill('SIGTERM');
    await once(second, 'exit');
  });

  it('that stops ends its functions, and refuses those who ask for them', async () => {
    const host = await start(TOPICS.stopped);
    const lambda = host.function(TOPICS.stopped.name);
    expect(lambda?.health()).toMatchObject({ state: 'idle', environments: 0 });
    await scene.send(TOPICS.stopped, 0, numbered(1));
    await until('the function is up', () => lambda?.health().state === 'ready');
    const pids = lambda?.pids() ?? [];
    expect(pids).toHaveLength(1);
    await host.stop();
    hosts.splice(0);
    expect(pids.every(isGone)).toBe(true);
    await expect(lambda?.invoke(Buffer.from('{}'))).rejects.toThrow('shutting down');
  });

  it('whose mapping meets an error nobody foresaw starts over from what is committed', async () => {
    const host = await start(TOPICS.broken);
    const lambda = host.function(TOPICS.broken.name);
    if (!lambda) throw new Error('no function');
    const { invoke } = lambda;
    let failures = 1;
    lambda.invoke = async (...args) => {
      if (failures-- > 0) throw new Error('out of file descriptors');
      return invoke.apply(lambda, args);
    };
    await scene.send(TOPICS.broken, 0, numbered(5));
    await scene.untilCommitted(TOPICS.broken, 5);
    expect((await scene.seen(TOPICS.broken)).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
    expect(mappingOf(host, TOPICS.broken).health().state).toBe('running');
  });
});
