import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTotals } from '../../handlers/analytics-events/analytics-state.ts';
import { connectPlaces } from '../../lib/local/connect-places.ts';
import { dockerAnswers } from '../../lib/local/docker/detect.ts';
import { SERVICES, servicesWith } from '../../lib/local/services/index.ts';
import { type HealthReport, openStack } from '../../lib/local/stack.ts';
import type { Settings } from '../../lib/settings.ts';
import { openRedis } from '../../lib/stores/redis.ts';
import { decodedCodes, distinctItems, finishedBatch, requestBatch, zipFiles } from '../support/bulk-batch.ts';
import { cliWith, type Said } from '../support/cli.ts';
import { documentsOf } from '../support/documents.ts';
import { freePortVariables } from '../support/ports.ts';
import { shownKeys } from '../support/redis-commander.ts';
import { containersBeside, docker, everything } from './engine.ts';
import { ensureImages } from './images.ts';

const engine = await dockerAnswers();
if (!engine) console.log('The Docker profile is not tested: no Docker engine with Compose answers (docker info).');

/** A stack in a folder of its own, on ports of its own, worked through the command line only. */
interface Place {
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
}

const newPlace = async (): Promise<Place> => ({
  dataDir: await mkdtemp(join(tmpdir(), 'qr-streams-docker-')),
  env: { ...process.env, ...(await freePortVariables()) },
});

const call = ({ dataDir, env }: Place, ...words: readonly string[]): Promise<Said> =>
  cliWith(env).run(...words, '--data-dir', dataDir);

const succeed = async (place: Place, ...words: readonly string[]): Promise<string> => {
  const { code, out, err } = await call(place, ...words);
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${err}${out}`);
  return out;
};

const healthOf = async (place: Place): Promise<HealthReport> => JSON.parse((await call(place, 'health', '--json')).out);
const statesOf = ({ services }: HealthReport) => Object.fromEntries(services.map(({ name, state }) => [name, state]));
const settingsOf = async ({ dataDir, env }: Place): Promise<Settings> => (await openStack({ dataDir, env })).settings;
const kafkaPortOf = ({ env }: Place): number => Number(env.QR_PORT_KAFKA);

const ALL_HEALTHY = Object.fromEntries(
  [...SERVICES.map(({ name }) => name), 'functions', 'console'].map((n) => [n, 'healthy']),
);

/** The id of the newest schema of each subject. */
const schemaIds = async ({ registryUrl }: Settings): Promise<Record<string, number>> => {
  const subjects: string[] = JSON.parse(await (await fetch(`${registryUrl}/subjects`)).text());
  const ids = subjects.sort().map(async (subject) => {
    const answer = await fetch(`${registryUrl}/subjects/${encodeURIComponent(subject)}/versions/latest`);
    const { id }: { id: number } = JSON.parse(await answer.text());
    return [subject, id] as const;
  });
  return Object.fromEntries(await Promise.all(ids));
};

const messagesOf = async (place: Place, topic: string): Promise<number | undefined> => {
  const topics: { name: string; messages: number }[] = JSON.parse(await succeed(place, 'topics', '--json'));
  return topics.find(({ name }) => name === topic)?.messages;
};

describe.skipIf(!engine)('a stack on the Docker engine', () => {
  let place: Place;
  let before: Awaited<ReturnType<typeof everything>>;
  let images: Awaited<ReturnType<typeof ensureImages>>;

  beforeAll(async () => {
    images = await ensureImages();
    console.log('images:', images);
    before = await everything();
    place = await newPlace();
  });

  afterAll(async () => {
    await call(place, 'stop', '--wipe', '--yes');
    await rm(place.dataDir, { recursive: true, force: true });
  });

  it('comes up on ports of its own, on the loopback interface only', async () => {
    const begun = performance.now();
    await succeed(place, 'start', '--engine', 'docker', '--with', 'connect');
    console.log(`first start: ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
    const report = await healthOf(place);
    expect(report).toMatchObject({ healthy: true, engine: 'docker' });
    expect(statesOf(report)).toEqual(ALL_HEALTHY);

    const containers = await containersBeside(kafkaPortOf(place));
    expect([...containers.keys()].sort()).toEqual(SERVICES.map(({ name }) => name).sort());
    const format = '{{range .NetworkSettings.Ports}}{{range .}}{{.HostIp}} {{end}}{{end}}';
    const addresses = await docker('inspect', '--format', format, ...containers.values());
    expect(new Set(addresses.split(/\s+/))).toEqual(new Set(['127.0.0.1']));
  });

  it('gives the containers names by which they find each other', async () => {
    const container = (await containersBeside(kafkaPortOf(place))).get('schema-registry') ?? '';
    const answer = await docker('exec', container, 'curl', '-fs', 'http://qr-aws:4566/_ministack/health');
    expect(answer).toContain('{');
  });

  it('is found well by the health checks of the compose file too', async () => {
    const containers = await containersBeside(kafkaPortOf(place));
    await expect
      .poll(() => docker('inspect', '--format', '{{.State.Health.Status}}', ...containers.values()), {
        timeout: 60_000,
        interval: 500,
      })
      .toBe(SERVICES.map(() => 'healthy').join('\n'));
  });

  it('has Kafka UI and Redis Commander, wired to the broker, the registry, Connect and Redis', async () => {
    const addressOf = async (page: string): Promise<string> =>
      JSON.parse(await succeed(place, 'ui', page, '--json')).url;
    const clusters: unknown = await (await fetch(`${await addressOf('kafka')}/api/clusters`)).json();
    expect(clusters).toMatchObject([{ name: 'qr-streams', status: 'online' }]);
    // The stand-in tells of these as well; the real one shows them at addresses of their own.
    if (images['kafka-ui'] === 'stand-in')
      expect(clusters).toMatchObject([{ schemaRegistry: true, kafkaConnect: true }]);
    const redis = openRedis(await settingsOf(place));
    await redis.set('seen:by-redis-commander', 'yes');
    redis.disconnect();
    expect(await shownKeys(await addressOf('redis'), 'seen:')).toEqual(['by-redis-commander']);
  });

  it('runs the demo', async () => {
    const result = JSON.parse(await succeed(place, 'demo', '--items', '500', '--json'));
    expect(result).toMatchObject({ status: 'completed', images: 500, items: 500, failed: 0 });
  });

  it('makes a zip whose codes another decoder reads', async () => {
    const settings = await settingsOf(place);
    const items = distinctItems(20);
    const { state, zipKey = '' } = await finishedBatch(settings, await requestBatch(settings, { items }));
    expect(state).toBe('completed');
    const codes = decodedCodes(await zipFiles(settings, zipKey));
    expect(codes).toEqual(new Map(items.map(({ id, data }) => [id, data])));
  });

  it('publishes what is inserted into its outbox, and indexes it', async () => {
    const { databaseUrl, searchUrl } = connectPlaces((await openStack(place)).ports);
    const db = new pg.Client({ connectionString: databaseUrl });
    await db.connect();
    db.on('error', () => undefined);
    const text = '{"qrId":"qr-docker","userId":"user-1","action":"scan"}';
    await db.query("INSERT INTO outbox (topic, key, event_type, payload) VALUES ($1, 'qr-docker', 'qr.scanned', $2)", [
      'analytics-events',
      Buffer.from(text),
    ]);
    await db.end();
    const redis = openRedis(await settingsOf(place));
    const counted = async () => (await readTotals(redis, { kind: 'code', id: 'qr-docker' })).scans;
    await expect.poll(counted, { timeout: 60_000, interval: 200 }).toBe(1);
    redis.disconnect();
    const found = async () => (await documentsOf(searchUrl, 'scans-*', 'payload.qrId', 'qr-docker')).total.value;
    await expect.poll(found, { timeout: 60_000, interval: 200 }).toBe(1);
    const state = 'RUNNING';
    expect(JSON.parse(await succeed(place, 'connectors', 'list', '--json'))).toMatchObject({
      connectors: ['ledger', 'outbox', 'rollups', 'search'].map((name) => ({ name, state })),
      slots: [{ name: 'outbox', active: true }],
    });
  });

  it('is left as it is by a second start', async () => {
    const names = [...(await containersBeside(kafkaPortOf(place))).values()];
    const identities = () => docker('inspect', '--format', '{{.Id}} {{.State.StartedAt}}', ...names);
    const first = await identities();
    await succeed(place, 'start');
    expect(await identities()).toBe(first);
  });

  it('shows containers that were killed as failed, and start brings them back with what was acknowledged', async () => {
    const messages = await messagesOf(place, 'bulk-qr-processing');
    const containers = await containersBeside(kafkaPortOf(place));
    await docker('kill', containers.get('kafka') ?? '', containers.get('redis') ?? '');
    const { code, out } = await call(place, 'health', '--json');
    expect(code).toBe(1);
    expect(statesOf(JSON.parse(out))).toMatchObject({ kafka: 'failed', redis: 'failed', aws: 'healthy' });
    await succeed(place, 'start');
    expect(statesOf(await healthOf(place))).toEqual(ALL_HEALTHY);
    // Nothing is lost; a minute may have begun meanwhile, which has an event of its own there.
    expect(await messagesOf(place, 'bulk-qr-processing')).toBeGreaterThanOrEqual(messages ?? 1);
  });

  it('keeps records, schema ids, Redis and objects over stop and start, and leaves nothing running in between', async () => {
    const settings = await settingsOf(place);
    const batchId = await requestBatch(settings, { items: distinctItems(3) });
    const batch = await finishedBatch(settings, batchId);
    const [ids, messages] = [await schemaIds(settings), await messagesOf(place, 'bulk-qr-processing')];
    expect(Object.keys(ids).length).toBeGreaterThan(0);

    await succeed(place, 'stop');
    const { containers, networks } = await everything();
    expect({ containers, networks }).toEqual({ containers: before.containers, networks: before.networks });

    const begun = performance.now();
    await succeed(place, 'start', '--engine', 'docker');
    console.log(`warm start: ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
    expect(await schemaIds(settings)).toEqual(ids);
    // Nothing is lost; a minute may have begun meanwhile, which has an event of its own there.
    expect(await messagesOf(place, 'bulk-qr-processing')).toBeGreaterThanOrEqual(messages ?? 1);
    expect(await finishedBatch(settings, batchId)).toEqual(batch);
    expect((await zipFiles(settings, batch.zipKey ?? '')).has('manifest.csv')).toBe(true);
  });

  it('lives beside a second stack, for which start chose Docker by itself', async () => {
    const second = await newPlace();
    try {
      await succeed(second, 'start');
      expect(await healthOf(second)).toMatchObject({ healthy: true, engine: 'docker' });
      const [ours, theirs] = [await containersBeside(kafkaPortOf(place)), await containersBeside(kafkaPortOf(second))];
      expect([...theirs.keys()].sort()).toEqual(
        servicesWith([], 'docker')
          .map(({ name }) => name)
          .sort(),
      );
      expect(new Set([...ours.values(), ...theirs.values()]).size).toBe(ours.size + theirs.size);
    } finally {
      await succeed(second, 'stop', '--wipe', '--yes');
      await rm(second.dataDir, { recursive: true, force: true });
    }
    expect(statesOf(await healthOf(place))).toEqual(ALL_HEALTHY);
  });

  it('is forgotten by stop --wipe: no container, no network and no volume is left', async () => {
    await succeed(place, 'stop', '--wipe', '--yes');
    expect(await everything()).toEqual(before);
    expect(await healthOf(place)).toMatchObject({ healthy: false, engine: null });
  });
});
