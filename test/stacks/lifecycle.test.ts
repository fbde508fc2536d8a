import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistry, type SchemaId } from '../../lib/events/index.ts';
import { openObjects } from '../../lib/stores/objects.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { isRunning, listens, servicePids } from '../support/processes.ts';

/** The life of one stack, in the order of the tests: each begins where the one before ended. */

const NAMES = ['aws', 'console', 'functions', 'kafka', 'redis', 'redis-commander', 'schema-registry'];
const TOPIC = `kept-${randomUUID()}`;
const SUBJECT = 'kept-value';
const SCHEMA = JSON.stringify({ type: 'record', name: 'Kept', fields: [{ name: 'a', type: 'int' }] });

interface Health {
  readonly healthy: boolean;
  readonly services: readonly { readonly name: string; readonly state: string; readonly detail: string }[];
}

let stack: OwnStack;
let schemaId: SchemaId;
beforeAll(async () => {
  stack = await ownStack('data with spaces');
  await stack.start();
});
afterAll(() => stack.dispose());

const pids = (): Map<string, number> => new Map(servicePids(stack.dataDir));
const taken = async (): Promise<number[]> => {
  const ports = Object.values(stack.ports);
  const answers = await Promise.all(ports.map(listens));
  return ports.filter((_, i) => answers[i] === true);
};
const health = async (): Promise<Health & { code: number | null }> => {
  const { code, out } = await stack.cli.run('health', '--json');
  return { code, ...JSON.parse(out) };
};

/** Puts something into each service that stores anything, and gives the id of a schema. */
const remember = async (): Promise<SchemaId> => {
  const redis = openRedis(stack.settings);
  const objects = openObjects(stack.settings);
  await redis.set('kept', 'yes');
  await objects.put('kept.txt', 'yes');
  redis.disconnect();
  objects.close();
  await stack.cli.run('create-topic', TOPIC, '1', '-1');
  await stack.cli.run('test-message', TOPIC, '{"kept":true}');
  return openRegistry(stack.settings).register(SUBJECT, SCHEMA);
};

const remembered = async () => {
  const redis = openRedis(stack.settings);
  const objects = openObjects(stack.settings);
  try {
    const topic = await stack.cli.run('consume', TOPIC, '--until-end', '--json');
    return {
      redis: await redis.get('kept'),
      object: (await objects.get('kept.txt'))?.toString(),
      record: topic.code === 0 ? JSON.parse(topic.out).value : undefined,
      // A client of its own, which has cached nothing.
      schemaId: await openRegistry(stack.settings).idOf(SUBJECT, SCHEMA),
    };
  } finally {
    redis.disconnect();
    objects.close();
  }
};

describe('a stack', () => {
  it('is up on ports and in a folder of its own, with one process for each service', async () => {
    expect([...pids().keys()].sort()).toEqual(NAMES);
    for (const pid of pids().values()) expect(isRunning(pid)).toBe(true);
    // Those of the services and brokers nobody asked for stay free.
    const ports = Object.entries(stack.ports).filter(([name]) => !/^(postgres|search|connect|kafka-.*\d)$/.test(name));
    expect((await taken()).sort()).toEqual(ports.map(([, port]) => port).sort());
    expect(await health()).toMatchObject({ code: 0, healthy: true });
  });

  it('is not disturbed by a second start, nor by two at the same time', async () => {
    const before = pids();
    const [one, other] = await Promise.all([stack.cli.npm('streams:start'), stack.cli.run('start', '--json')]);
    expect([one.code, other.code]).toEqual([0, 0]);
    expect(JSON.parse(other.out)).toMatchObject({ healthy: true, engine: 'native' });
    expect(pids()).toEqual(before);
  });

  it('refuses another engine while it is up', async () => {
    const { code, err } = await stack.cli.run('start', '--engine', 'docker');
    expect(code).toBe(1);
    expect(err).toContain('This stack runs on the native engine.\n  Stop it first: ./stream-manager.sh stop');
  });

  it('shows a service that was killed as failed, with exit code 1, and start brings back that one only', async () => {
    const before = pids();
    await stack.kill('redis');
    await stack.kill('functions');
    const sick = await health();
    expect(sick).toMatchObject({ code: 1, healthy: false });
    expect(sick.services.filter(({ state }) => state === 'failed').map(({ name }) => name)).toEqual([
      'redis',
      'functions',
    ]);
    expect(sick.services.find(({ name }) => name === 'redis')?.detail).toMatch(
      /^it has ended; .* start --data-dir .* brings it back$/,
    );
    await stack.start();
    expect(await health()).toMatchObject({ code: 0, healthy: true });
    const after = pids();
    const changed = NAMES.filter((name) => after.get(name) !== before.get(name));
    expect(changed).toEqual(['functions', 'redis']);
  });

  it('stops without a process or a taken port left, and stopping again is harmless', async () => {
    schemaId = await remember();
    const before = [...pids().values(), ...stack.processes()];
    const { code, out } = await stack.cli.npm('streams:stop');
    expect(code).toBe(0);
    expect(out).toMatch(/✓ Stopped in [\d.]+ m?s; data stay\./);
    expect(before.filter(isRunning)).toEqual([]);
    expect(stack.processes()).toEqual([]);
    expect(await taken()).toEqual([]);
    expect((await stack.cli.run('stop')).code).toBe(0);
    const stopped = await health();
    expect(stopped).toMatchObject({ code: 1, healthy: false, engine: null });
    expect(new Set(stopped.services.map(({ state }) => state))).toEqual(new Set(['stopped']));
  });

  it('has its records, objects, Redis data and schema ids again after the next start', async () => {
    await stack.start();
    expect(await remembered()).toEqual({ redis: 'yes', object: 'yes', record: { kept: true }, schemaId });
  });

  it('forgets all of it with stop --wipe, which wants --yes where it cannot ask', async () => {
    const refused = await stack.cli.run('stop', '--wipe');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('no terminal to ask on') });
    expect(await taken()).not.toEqual([]);
    expect((await stack.cli.run('stop', '--wipe', '--yes')).code).toBe(0);
    expect(stack.processes()).toEqual([]);
    expect(existsSync(`${stack.dataDir}/data`)).toBe(false);
  });
});
