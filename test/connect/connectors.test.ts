import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventOf, openOutbox } from '../../lib/events/index.ts';
import { connectPlaces } from '../../lib/local/connect-places.ts';
import { applyFiles, connectorFiles, openWorker, type Worker } from '../../lib/operations/connectors/index.ts';
import { withDatabase } from '../../lib/operations/database/index.ts';
import { BROKEN } from '../support/broken-connector.ts';
import { type OwnStack, ownStack } from '../support/own-stack.ts';
import { until } from '../support/until.ts';

let stack: OwnStack;
let worker: Worker;

beforeAll(async () => {
  stack = await ownStack('connectors');
  await stack.start('--with', 'connect');
  worker = openWorker(connectPlaces(stack.ports).connectUrl);
});

afterAll(() => stack?.dispose());

/** Every configuration of the project, by name. */
const filesOf = async (): Promise<string[]> => (await connectorFiles()).map(({ name }) => name);

const health = async () => {
  const { services } = JSON.parse((await stack.cli.run('health', '--json')).out);
  return new Map<string, { state: string; detail: string }>(
    services.map((each: { name: string; state: string; detail: string }) => [each.name, each]),
  );
};

describe('connectors', () => {
  it('are applied by the start: list shows them at work, and the slot', async () => {
    const listed = await stack.cli.json<{ connectors: { name: string; state: string }[] }>('connectors', 'list');
    expect(listed.connectors.map(({ name, state }) => `${name} ${state}`)).toEqual(
      (await filesOf()).map((name) => `${name} RUNNING`),
    );
    expect(listed).toMatchObject({ slots: [{ name: 'outbox', active: true }] });
  });

  it('applied again are as they are', async () => {
    const { plan } = await stack.cli.json<{ plan: unknown[] }>('connectors', 'apply');
    expect(plan).toEqual((await filesOf()).map((name) => ({ name, change: 'none', fields: [] })));
  });

  it('show no secret: what Connect keeps and tells is the placeholder', async () => {
    const { outbox } = await worker.connectors();
    expect(outbox?.info.config['database.password']).toBe(`\${env:QR_CONNECT_DATABASE_PASSWORD}`);
  });

  it('that Connect would not take are refused with the field that is wrong', async () => {
    const [outbox] = await connectorFiles(['outbox']);
    const file = { name: 'wrong', config: { ...outbox?.config, 'slot.name': 'No Slot' } };
    await expect(applyFiles(worker, [file])).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(/^connect\/wrong\.json: slot\.name: /),
    });
    expect(Object.keys(await worker.connectors()).sort()).toEqual(await filesOf());
  });

  it('rest when paused, and go on when resumed', async () => {
    const state = async () => (await stack.cli.json<{ state: string }>('connectors', 'status', 'outbox')).state;
    await stack.cli.run('connectors', 'pause', 'outbox');
    await until('it rests', async () => (await state()) === 'PAUSED', { everyMs: 500 });
    await stack.cli.run('connectors', 'resume', 'outbox');
    await until('it goes on', async () => (await state()) === 'RUNNING', { everyMs: 500 });
  });

  it('that have failed say why in one line, and the whole trace when asked', async () => {
    await worker.put('broken', BROKEN);
    const status = (...words: string[]) => stack.cli.run('connectors', 'status', 'broken', ...words);
    const said = await until(
      'its task has failed',
      async () => {
        const found = await status();
        return found.out.includes('FAILED') && found;
      },
      { timeoutMs: 90_000, everyMs: 500 },
    );
    expect(said.code).toBe(1);
    expect(said.out).toMatch(/^task 0 +FAILED +\S.*$/m);
    expect(said.out).not.toContain('\tat ');
    expect((await status('--trace')).out).toMatch(/^\s+at /m);
    expect((await health()).get('connect')).toMatchObject({
      state: 'unhealthy',
      detail: expect.stringContaining('broken'),
    });
    expect(await stack.cli.run('connectors', 'restart', 'broken', '--failed')).toMatchObject({ code: 0 });
  });

  it('are deleted only when that is confirmed', async () => {
    expect(await stack.cli.run('connectors', 'delete', 'broken')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--yes'),
    });
    expect(await stack.cli.run('connectors', 'delete', 'broken', '--yes')).toMatchObject({ code: 0 });
    const known = async () => Object.keys(await worker.connectors());
    await until('it is gone', async () => !(await known()).includes('broken'));
  });

  it('of an unknown name are told with the nearest', async () => {
    const { code, err } = await stack.cli.run('connectors', 'status', 'outbx');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('Did you mean outbox?') });
  });
});

describe('the outbox connector, deleted with its slot', () => {
  it('works again after migrate and apply, and publishes what is inserted from then on', async () => {
    const { databaseUrl } = connectPlaces(stack.ports);
    const outbox = openOutbox(stack.settings);
    const add = () =>
      withDatabase(databaseUrl, (db) =>
        outbox.transaction(db, (put) =>
          put(eventOf('qr.scanned', { qrId: 'qr-1', userId: 'user-1', action: 'scan' }, { source: 'test' })),
        ),
      );
    const published = async (): Promise<number> =>
      (await stack.cli.json<{ name: string; messages: number }[]>('topics')).find(
        ({ name }) => name === 'analytics-events',
      )?.messages ?? 0;
    const before = await published();
    await add();
    await until('the connector has a place in the log', async () => (await published()) > before, {
      timeoutMs: 90_000,
    });
    const deleted = await stack.cli.json('connectors', 'delete', 'outbox', '--drop-slot', '--yes');
    expect(deleted).toEqual({ name: 'outbox', deleted: true, slotDropped: true });
    expect(await stack.cli.json('connectors', 'list')).toMatchObject({ slots: [] });
    expect(await stack.cli.run('connectors', 'migrate')).toMatchObject({
      code: 0,
      out: expect.stringContaining('slot'),
    });
    expect(await stack.cli.run('connectors', 'apply', 'outbox')).toMatchObject({ code: 0 });
    const again = await published();
    await add();
    await until('it publishes', async () => (await published()) > again, { timeoutMs: 90_000 });
    expect(await stack.cli.json('connectors', 'status', 'outbox')).toMatchObject({ state: 'RUNNING' });
  });
});

describe('Connect’s own topics', () => {
  it('are compacted, and do not count among the product’s', async () => {
    const shown = await stack.cli.json<{ name: string; internal: boolean }[]>('topics');
    expect(shown).toHaveLength(13);
    for (const name of ['connect-configs', 'connect-offsets', 'connect-status', '__debezium-heartbeat.qr']) {
      const topic = await stack.cli.json<{ internal: boolean; config: unknown }>('describe-topic', name);
      expect(topic).toMatchObject({ internal: true, config: { 'cleanup.policy': 'compact' } });
    }
  });
});

describe('a stack with Connect', () => {
  it('is that after a stop as well, until it is started without', async () => {
    expect(await stack.cli.run('start', '--without', 'connect')).toMatchObject({ code: 1 });
    await stack.cli.run('stop');
    expect((await health()).get('connect')).toMatchObject({ state: 'stopped' });
    await stack.start();
    expect((await health()).get('connect')).toMatchObject({ state: 'healthy' });
    await stack.cli.run('stop');
    await stack.start('--without', 'connect');
    expect([...(await health()).keys()]).not.toContain('connect');
  });
});
