import { setTimeout as delay } from 'node:timers/promises';
import { StreamError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { ConsoleProcess } from './console/index.ts';
import type { Engine, RunState } from './engine.ts';
import type { Files } from './files.ts';
import type { FunctionsHost } from './functions-host.ts';
import { notUp } from './not-up.ts';
import { patiently } from './patience.ts';
import { isFree, portOwner } from './port-owner.ts';
import { PORTS, type Ports } from './ports.ts';
import * as probes from './probes.ts';
import type { OnProgress } from './progress.ts';
import { partsOf } from './running.ts';
import type { Service } from './services/index.ts';

/** A first start on a slow machine may take its time after all is downloaded. */
const READY_WITHIN_MS = 120_000;
/** It answers, and may still be slow. */
const PROVIDED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** What a start works with. */
export interface BringUp {
  /** Those the stack has, in the order of the list. */
  readonly services: readonly Service[];
  readonly engine: Engine;
  readonly host: FunctionsHost;
  readonly page: ConsoleProcess;
  readonly ports: Ports;
  readonly settings: Settings;
  readonly files: Files;
  /** Topics whose mapping is to begin paused. */
  readonly paused: readonly string[];
  readonly onProgress: OnProgress;
}

/**
 * Makes sure that nobody else has a port of what is to be started; told before anything is started.
 *
 * @param remembers whether the folder has had its ports before: they stay, unless it is told otherwise
 * @throws StreamError PORT_TAKEN with the process that holds it
 */
export const requireFreePorts = async (
  { ports, ...parts }: Omit<BringUp, 'settings' | 'files' | 'paused' | 'onProgress'>,
  remembers: boolean,
): Promise<void> => {
  const wanted = (await partsOf(parts)).filter(({ state }) => state !== 'running');
  for (const { title, name } of wanted.flatMap(({ title, listens }) => listens.map((name) => ({ title, name })))) {
    const port = ports[name];
    if (await isFree(port)) continue;
    const owner = await portOwner(port);
    const by = owner === undefined ? 'a process of another user' : `process ${owner.pid} (${owner.command})`;
    const one = remembers ? '' : `, or this one: ${PORTS[name].variable}=${port + 1000}`;
    throw new StreamError('PORT_TAKEN', `${title} needs port ${port}, which ${by} holds.`, {
      next: `End that process, or move all ports of this stack: --port-offset 1000${one}`,
    });
  }
};

/**
 * Starts what does not run, waits until each service answers, and gives it its topics, schemas or bucket; the functions
 * come last, because they need all of it.
 *
 * @throws StreamError SERVICE_FAILED, SCHEMA_INCOMPATIBLE
 */
export const bringUp = async ({
  services,
  engine,
  host,
  page,
  ports,
  settings,
  files,
  paused,
  onProgress,
}: BringUp): Promise<void> => {
  const begun = performance.now();
  const before = new Map(await Promise.all(services.map(async (each) => [each, await engine.state(each)] as const)));
  for (const [{ name, endpoint, listens }, state] of before) {
    if (state !== 'running')
      onProgress({ step: 'service', name, state: 'starting', endpoint: endpoint(ports[listens[0] ?? name]), ms: 0 });
  }
  await engine.start(services.filter((service) => before.get(service) !== 'running'));
  const bundled = host.prepare();
  // A failure is met below; until then it must not count as unhandled.
  bundled.catch(() => undefined);
  // It needs no service, and is up long before the broker is.
  const shown = bringUpConsole({ engine, page, ports, files, onProgress }, begun);
  shown.catch(() => undefined);
  // Loaded while the services start, and by no command that starts nothing: it brings the AWS SDK.
  const { provision } = await import('./provision.ts');
  /** Of each service, when it holds what it is to hold. */
  const provided = new Map<Service['name'], Promise<void>>();
  const provide = async (service: Service): Promise<void> => {
    const port = ports[service.name];
    await ready(
      service.title,
      () => service.probe(port),
      () => engine.state(service),
      { name: service.name, service, files },
    );
    await Promise.all((service.needs ?? []).map((name) => provided.get(name)));
    await patiently(() => provision(service.name, settings, ports), PROVIDED_WITHIN_MS);
    const ms = before.get(service) === 'running' ? 0 : performance.now() - begun;
    onProgress({ step: 'service', name: service.name, state: 'healthy', endpoint: service.endpoint(port), ms });
  };
  for (const service of services) provided.set(service.name, provide(service));
  await Promise.all(provided.values());
  await bundled;
  await bringUpFunctions({ host, ports, paused, files, onProgress }, begun);
  await shown;
};

const bringUpFunctions = async (
  { host, ports, paused, files, onProgress }: Pick<BringUp, 'host' | 'ports' | 'paused' | 'files' | 'onProgress'>,
  begun: number,
): Promise<void> => {
  const wasUp = (await host.state()) === 'running';
  const told = { step: 'service', name: 'functions', endpoint: `http://127.0.0.1:${ports.functions}` } as const;
  if (!wasUp) onProgress({ ...told, state: 'starting', ms: 0 });
  const isOutdated = await host.isOutdated();
  if (isOutdated) {
    onProgress({ step: 'note', text: 'The functions run older code than the project has: starting them again ...' });
    await host.stop();
  }
  await host.start(paused);
  await ready(
    'The functions host',
    () => probes.functionsHost(ports.functions),
    () => host.state(),
    { name: 'functions', files },
  );
  onProgress({ ...told, state: 'healthy', ms: wasUp && !isOutdated ? 0 : performance.now() - begun });
};

const bringUpConsole = async (
  { engine, page, ports, files, onProgress }: Pick<BringUp, 'engine' | 'page' | 'ports' | 'files' | 'onProgress'>,
  begun: number,
): Promise<void> => {
  const wasUp = (await page.state()) === 'running';
  const told = { step: 'service', name: 'console', endpoint: `http://127.0.0.1:${ports.console}` } as const;
  if (!wasUp) onProgress({ ...told, state: 'starting', ms: 0 });
  let isOutdated = false;
  await page.start(engine.name, () => {
    isOutdated = true;
    onProgress({ step: 'note', text: 'The console runs older code than the project has: starting it again ...' });
  });
  await ready(
    'The console',
    () => page.probe(ports.console),
    () => page.state(),
    { name: 'console', files },
  );
  onProgress({ ...told, state: 'healthy', ms: wasUp && !isOutdated ? 0 : performance.now() - begun });
};

/** Waits until a service answers; gives up at once when it has died. */
const ready = async (
  title: string,
  probe: () => Promise<string | undefined>,
  state: () => Promise<RunState>,
  of: { readonly name: string; readonly files: Files; readonly service?: Service },
): Promise<void> => {
  let fault: string | undefined;
  for (const end = Date.now() + READY_WITHIN_MS; Date.now() < end; await delay(LOOK_EVERY_MS)) {
    fault = await probe();
    if (fault === undefined) return;
    if ((await state()) === 'died') {
      fault = 'it ended right after its start';
      break;
    }
  }
  throw await notUp(title, fault ?? 'it does not answer', of);
};
