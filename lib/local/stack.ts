import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isTopicName, TOPIC_NAMES } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { dockerAnswers } from './docker/detect.ts';
import { dockerEngine } from './docker/engine.ts';
import type { Engine, EngineName, RunState } from './engine.ts';
import { type FunctionsHost, functionLogFile, functionsHost } from './functions-host.ts';
import { type HealthReport, healthOf } from './health.ts';
import { exclusively } from './lock.ts';
import { nativeEngine } from './native/engine.ts';
import { packagesFolder, type StackPaths, stackPaths } from './paths.ts';
import { isFree, portOwner } from './port-owner.ts';
import { PORTS, type PortName, type Ports, portsFrom } from './ports.ts';
import * as probes from './probes.ts';
import type { OnProgress } from './progress.ts';
import { provision } from './provision.ts';
import { SERVICES, type Service } from './services/index.ts';
import { settingsOfPorts } from './stack-settings.ts';
import { readState, removeState, type StackState, writeState } from './state.ts';

/** Which stack, and how it is to be. What is not given is what the stack has, or the default. */
export interface StackOptions {
  readonly dataDir?: string | undefined;
  readonly portOffset?: number | undefined;
  readonly engine?: EngineName | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

/** A local stack: the services, and the functions host beside them. */
export interface Stack {
  readonly paths: StackPaths;
  readonly ports: Ports;
  /** Where its components are. */
  readonly settings: Settings;
  /** Address of the functions host. */
  readonly functionsUrl: string;
  /** The engine of a stack that was started. */
  readonly engine: EngineName | undefined;
  /**
   * Brings up what is not up, and waits until all of it is well. Doing it twice is harmless.
   *
   * @throws StreamError PREREQUISITE_MISSING, PORT_TAKEN, SERVICE_FAILED, REFUSED
   */
  start(onProgress?: OnProgress): Promise<HealthReport>;
  /** Stops everything, functions first; `wipe` deletes what the services have stored as well. */
  stop(options?: { readonly wipe?: boolean }): Promise<void>;
  health(): Promise<HealthReport>;
  /**
   * The log of a service, of `functions` (the host) or of a function.
   *
   * @throws StreamError NOT_FOUND with the names there are
   */
  logFile(name: string): Promise<string>;
}

/** A first start on a slow machine may take its time after all is downloaded. */
const READY_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 50;
/** Another start may be downloading. */
const LOCK_WAIT_MS = 600_000;

/** @throws StreamError USAGE for ports that are none */
export const openStack = async (options: StackOptions = {}): Promise<Stack> => {
  const { env = process.env } = options;
  const paths = stackPaths(options.dataDir, env);
  const state = await readState(paths);
  const wanted = portsFrom(options.portOffset, env);
  const ports = state?.ports ?? wanted;
  const settings = settingsOfPorts(ports);
  const host = functionsHost(paths, ports, settings);
  const engineOf = (name: EngineName): Engine =>
    name === 'native' ? nativeEngine({ paths, ports, packages: packagesFolder(env) }) : dockerEngine({ paths, ports });
  const known = state === undefined ? undefined : engineOf(state.engine);

  return {
    paths,
    ports,
    settings,
    functionsUrl: `http://127.0.0.1:${ports.functions}`,
    engine: state?.engine,
    start: (onProgress = () => undefined) =>
      exclusively(`${paths.run}/lock`, LOCK_WAIT_MS, async () => {
        const engine = await chosenEngine(options, env, state, wanted, engineOf);
        await engine.fetch(onProgress);
        await requireFreePorts(engine, host, ports);
        await writeState(paths, { engine: engine.name, ports });
        await bringUp({ engine, host, ports, settings, onProgress });
        return healthOf(engine, host, ports);
      }),
    stop: ({ wipe = false } = {}) =>
      exclusively(`${paths.run}/lock`, LOCK_WAIT_MS, async () => {
        await host.stop();
        // Without a state file it is unknown which engine there was; processes are known by their files.
        const engine = known ?? engineOf(options.engine ?? 'native');
        await engine.stop();
        if (wipe) {
          await engine.wipe();
          await rm(paths.logs, { recursive: true, force: true });
          await rm(paths.demo, { recursive: true, force: true });
        }
        await removeState(paths);
      }),
    health: () => healthOf(known, host, ports),
    logFile: async (name) => {
      const service = SERVICES.find((each) => each.name === name || each.container === name);
      if (service !== undefined) return (known ?? engineOf('native')).logFile(service);
      if (name === 'functions') return host.logFile;
      if (isTopicName(name)) return functionLogFile(paths, name);
      const names = [...SERVICES.map((each) => each.name), 'functions', ...TOPIC_NAMES];
      throw new StreamError('NOT_FOUND', `There is no log named ${name}.`, { next: `There are: ${names.join(', ')}` });
    },
  };
};

const chosenEngine = async (
  { engine, portOffset }: StackOptions,
  env: NodeJS.ProcessEnv,
  state: StackState | undefined,
  wanted: Ports,
  engineOf: (name: EngineName) => Engine,
): Promise<Engine> => {
  if (state === undefined) return engineOf(engine ?? ((await dockerAnswers(env)) ? 'docker' : 'native'));
  const other = 'Stop it first: ./stream-manager.sh stop';
  if (engine !== undefined && engine !== state.engine) {
    throw new StreamError('REFUSED', `This stack runs on the ${state.engine} engine.`, { next: other });
  }
  const isMoved = portOffset !== undefined && wanted.kafka !== state.ports.kafka;
  if (isMoved)
    throw new StreamError('REFUSED', `This stack runs on other ports (Kafka on ${state.ports.kafka}).`, {
      next: other,
    });
  return engineOf(state.engine);
};

/** A port that somebody else has is told before anything is started. */
const requireFreePorts = async (engine: Engine, host: FunctionsHost, ports: Ports): Promise<void> => {
  const wanted: { title: string; port: PortName }[] = [];
  for (const service of SERVICES) {
    if ((await engine.state(service)) === 'running') continue;
    const { title, listens } = service;
    wanted.push(...(engine.name === 'docker' ? listens.slice(0, 1) : listens).map((port) => ({ title, port })));
  }
  if ((await host.state()) !== 'running') wanted.push({ title: 'The functions host', port: 'functions' });
  for (const { title, port: name } of wanted) {
    const port = ports[name];
    if (await isFree(port)) continue;
    const owner = await portOwner(port);
    const by = owner === undefined ? 'a process of another user' : `process ${owner.pid} (${owner.command})`;
    throw new StreamError('PORT_TAKEN', `${title} needs port ${port}, which ${by} holds.`, {
      next: `End that process, or move all ports: --port-offset 1000, or this one: ${PORTS[name].variable}=${port + 1000}`,
    });
  }
};

interface BringUp {
  readonly engine: Engine;
  readonly host: FunctionsHost;
  readonly ports: Ports;
  readonly settings: Settings;
  readonly onProgress: OnProgress;
}

const bringUp = async ({ engine, host, ports, settings, onProgress }: BringUp): Promise<void> => {
  const begun = performance.now();
  const before = new Map(await Promise.all(SERVICES.map(async (each) => [each, await engine.state(each)] as const)));
  for (const [{ name, endpoint, listens }, state] of before) {
    if (state !== 'running')
      onProgress({ step: 'service', name, state: 'starting', endpoint: endpoint(ports[listens[0] ?? name]), ms: 0 });
  }
  await engine.start(SERVICES.filter((service) => before.get(service) !== 'running'));
  const bundled = host.prepare();
  // A failure is met below; until then it must not count as unhandled.
  bundled.catch(() => undefined);
  await Promise.all(
    SERVICES.map(async (service) => {
      const port = ports[service.name];
      await ready(
        service.title,
        () => service.probe(port),
        () => engine.state(service),
        service.name,
      );
      await provision(service.name, settings);
      const ms = before.get(service) === 'running' ? 0 : performance.now() - begun;
      onProgress({ step: 'service', name: service.name, state: 'healthy', endpoint: service.endpoint(port), ms });
    }),
  );
  await bundled;
  const wasUp = (await host.state()) === 'running';
  const endpoint = `http://127.0.0.1:${ports.functions}`;
  if (!wasUp) onProgress({ step: 'service', name: 'functions', state: 'starting', endpoint, ms: 0 });
  await host.start();
  await ready(
    'The functions host',
    () => probes.functionsHost(ports.functions),
    () => host.state(),
    'functions',
  );
  onProgress({
    step: 'service',
    name: 'functions',
    state: 'healthy',
    endpoint,
    ms: wasUp ? 0 : performance.now() - begun,
  });
};

/** Waits until a service answers; gives up at once when it has died. */
const ready = async (
  title: string,
  probe: () => Promise<string | undefined>,
  state: () => Promise<RunState>,
  log: string,
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
  throw new StreamError('SERVICE_FAILED', `${title} did not come up: ${fault}.`, {
    next: `Its log tells why: ./stream-manager.sh logs ${log}`,
  });
};

export type { HealthReport, ServiceHealth } from './health.ts';
export type { Service };
