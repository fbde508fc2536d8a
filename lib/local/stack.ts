import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isTopicName, SCHEDULED_FUNCTIONS } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import { PROJECT_ROOT } from '../functions/root.ts';
import { pausedTopics } from '../operations/mappings.ts';
import { suggestion } from '../operations/nearest.ts';
import type { Settings } from '../settings.ts';
import { bringUp, requireFreePorts } from './bring-up.ts';
import { lostInCache } from './cache-health.ts';
import { type ConsoleProcess, consoleProcess } from './console/index.ts';
import { requireWhole } from './damage.ts';
import { requireSpace } from './disk.ts';
import { dockerAnswers } from './docker/detect.ts';
import { dockerEngine } from './docker/engine.ts';
import type { Engine, EngineName } from './engine.ts';
import { filesOf } from './files.ts';
import { type FunctionsHost, functionLogFile, functionsHost } from './functions-host.ts';
import { type HealthReport, healthOf } from './health.ts';
import { exclusively, type Patience } from './lock.ts';
import { LOG_NAMES } from './log-names.ts';
import { nativeEngine } from './native/engine.ts';
import { packagesFolder, type StackPaths, stackPaths } from './paths.ts';
import { type Ports, portsFrom } from './ports.ts';
import type { OnProgress } from './progress.ts';
import { isStackFolder, type Remembered, readRemembered, writeRemembered } from './remembered.ts';
import { requireRunning } from './running.ts';
import {
  type BrokerCount,
  brokersWith,
  EXTRAS,
  type Extra,
  MORE_BROKERS,
  SERVICES,
  type Service,
  servicesWith,
} from './services/index.ts';
import { settingsOfPorts } from './stack-settings.ts';
import { readExtras, readState, removeState, type StackState, writeExtras, writeState } from './state.ts';
import {
  type FunctionsBefore,
  forgetRestore,
  noteRestore,
  readUnfinishedRestore,
  type UnfinishedRestore,
} from './unfinished-restore.ts';

/** Which stack, and how it is to be. What is not given is what the stack has, or the default. */
export interface StackOptions {
  readonly dataDir?: string | undefined;
  readonly portOffset?: number | undefined;
  readonly engine?: EngineName | undefined;
  /** Optional services to start as well; those it had are started without being named. */
  readonly extras?: readonly Extra[] | undefined;
  /** Optional services that a stopped stack is to have no longer. */
  readonly without?: readonly Extra[] | undefined;
  /** Brokers of the Kafka cluster; what a stack with data has cannot be changed. One unless given. */
  readonly brokers?: BrokerCount | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

/** A local stack: the services, and the functions host and the console beside them. */
export interface Stack {
  readonly paths: StackPaths;
  readonly ports: Ports;
  /** Where its components are. */
  readonly settings: Settings;
  /** Address of the functions host. */
  readonly functionsUrl: string;
  /** Address of the console page. */
  readonly consoleUrl: string;
  /** The engine of a stack that was started. */
  readonly engine: EngineName | undefined;
  /** Whether a stack was ever started in this folder. */
  readonly wasStarted: boolean;
  /**
   * Makes sure that what answers at its ports is this stack. Whoever acts on a stack asks first.
   *
   * @throws StreamError REFUSED when it is not running, or another process has one of its ports
   */
  requireRunning(): Promise<void>;
  /**
   * Brings up what is not up, and waits until all of it is well. Doing it twice is harmless.
   *
   * @throws StreamError PREREQUISITE_MISSING, PORT_TAKEN, SERVICE_FAILED, REFUSED
   */
  start(onProgress?: OnProgress): Promise<HealthReport>;
  /** Stops everything, functions first; `wipe` deletes what the services have stored as well. */
  stop(options?: { readonly wipe?: boolean }): Promise<void>;
  health(): Promise<HealthReport>;
  /** A restore into this stack that has not come to its end. */
  unfinishedRestore(): Promise<UnfinishedRestore | undefined>;
  /**
   * Runs `work`, which restores a backup, while the functions are stopped. However it ends, the functions are then as they
   * were: started if they were, with the same mappings paused. Until it succeeds, {@link unfinishedRestore} tells of it, also
   * when this process is killed.
   *
   * @param restore the backup's id, and the command that goes on with it
   * @param work calls `begin` before it changes anything: what fails before is not unfinished
   */
  whileRestoring<Result>(
    restore: Pick<UnfinishedRestore, 'backup' | 'next'>,
    work: (begin: () => void) => Promise<Result>,
  ): Promise<Result>;
  /**
   * The log of a service, of `functions` (the host) or of a function.
   *
   * @param follow the file is kept up to date until this signal
   * @throws StreamError NOT_FOUND with the names there are
   */
  logFile(name: string, follow?: AbortSignal): Promise<string>;
}

/** Another start may be downloading. */
const LOCK_WAIT_MS = 600_000;

/** What follows from the state file, or from the options where there is none. */
interface View {
  readonly state: StackState | undefined;
  readonly remembered: Remembered | undefined;
  readonly extras: readonly Extra[];
  readonly services: readonly Service[];
  readonly ports: Ports;
  readonly settings: Settings;
  readonly host: FunctionsHost;
  readonly page: ConsoleProcess;
  /** The engine of a stack that was started. */
  readonly engine: Engine | undefined;
}

/** @throws StreamError USAGE for ports that are none */
export const openStack = async (options: StackOptions = {}): Promise<Stack> => {
  const { env = process.env } = options;
  const paths = stackPaths(options.dataDir, env);
  const wanted = portsFrom(options.portOffset, env);
  const { redisMode } = settingsOfPorts(wanted, env);
  const engineOf = (name: EngineName, ports: Ports, extras: readonly Extra[]): Engine =>
    name === 'native'
      ? nativeEngine({ paths, ports, packages: packagesFolder(env), redisMode, brokers: brokersWith(extras) })
      : dockerEngine({ paths, ports });
  const viewOf = ({ state, remembered, extras }: Pick<View, 'state' | 'remembered' | 'extras'>): View => {
    // A stack that an older version has started may lack some.
    const ports = { ...wanted, ...remembered?.ports, ...state?.ports };
    const settings = settingsOfPorts(ports, env, extras);
    const host = functionsHost(paths, ports, settings);
    const page = consoleProcess(paths, ports, settings);
    const services = servicesWith(extras, state?.engine);
    const engine = state && engineOf(state.engine, ports, extras);
    return { state, remembered, extras, services, ports, settings, host, page, engine };
  };
  const look = async (): Promise<View> =>
    viewOf({
      state: await readState(paths),
      remembered: await readRemembered(paths),
      extras: await readExtras(paths),
    });
  let view = await look();
  /** Alone, and with what the stack is by then: another start or stop may have changed it during the wait. */
  const alone = <Result>(patience: Omit<Patience, 'waitMs'>, work: () => Promise<Result>): Promise<Result> =>
    exclusively(join(paths.run, 'lock'), { waitMs: LOCK_WAIT_MS, ...patience }, async () => {
      view = await look();
      return work();
    });

  return {
    paths,
    get ports() {
      return view.ports;
    },
    get settings() {
      return view.settings;
    },
    get functionsUrl() {
      return `http://127.0.0.1:${view.ports.functions}`;
    },
    get consoleUrl() {
      return `http://127.0.0.1:${view.ports.console}`;
    },
    get engine() {
      return view.state?.engine;
    },
    get wasStarted() {
      return isStackFolder(paths);
    },
    requireRunning: () => requireRunning(view, paths.root, isStackFolder(paths)),
    start: (onProgress = () => undefined) => {
      const waiting = (pid: number) =>
        onProgress({ step: 'note', text: `Waiting for another start or stop of this stack (process ${pid}) ...` });
      return alone({ waiting }, async () => {
        const { requireCurrent } = await import('../events/generation/current.ts');
        await requireCurrent(PROJECT_ROOT);
        const extras = chosenExtras(options, view, paths);
        const engineName = await chosenEngine(options, env, view.state, wanted);
        requireBrokers(engineName, extras);
        // A stopped stack moves where it is told to by the flag; what a shell happens to export moves none that has ports.
        const moves = options.portOffset !== undefined && view.state === undefined;
        const remembered = moves ? undefined : view.remembered;
        // With the brokers it is to have, which are not written down yet.
        const { ports, settings, host, page } = viewOf({ state: view.state, remembered, extras });
        const engine = engineOf(engineName, ports, extras);
        const services = servicesWith(extras, engine.name);
        requireSpace(foldersOf(paths, engine.name, services));
        if (engine.name === 'native') {
          const states = await Promise.all(services.map((service) => engine.state(service)));
          const still = services.filter((_, i) => states[i] !== 'running');
          await requireWhole(still, paths, view.remembered?.services ?? []);
        }
        await engine.fetch(services, onProgress);
        await requireFreePorts({ services, engine, host, page, ports }, view.remembered?.ports !== undefined);
        await writeRemembered(paths, { ...view.remembered, ports });
        await writeState(paths, { engine: engine.name, ports });
        await writeExtras(paths, extras);
        view = await look();
        const files = filesOf(paths, engine.name);
        const restore = await readUnfinishedRestore(paths);
        const paused = restore?.functions.paused ?? [];
        await bringUp({ services, engine, host, page, ports, settings, paused, files, onProgress });
        if (engine.name === 'native') {
          await writeRemembered(paths, { ...view.remembered, ports, services: services.map(({ name }) => name) });
        }
        const report = await healthOf(services, engine, { host, page }, ports, {
          files,
          lostInCache: () => lostInCache(settings),
        });
        return { ...report, restore };
      });
    },
    stop: ({ wipe = false } = {}) =>
      alone({ evenWithoutRoom: true }, async () => {
        await Promise.all([view.host.stop(), view.page.stop()]);
        // Without a state file it is unknown which engine there was, and either may have kept data of earlier starts.
        const all = async () =>
          (await presentEngines(options, env)).map((name) => engineOf(name, view.ports, view.extras));
        const engines = view.engine === undefined || wipe ? await all() : [view.engine];
        for (const engine of engines) await engine.stop();
        if (wipe) {
          for (const engine of engines) await engine.wipe();
          await rm(paths.logs, { recursive: true, force: true });
          await rm(paths.demo, { recursive: true, force: true });
          await writeExtras(paths, []);
          await forgetRestore(paths);
        }
        // An older version started it where there are ports and no memory of them.
        if (wipe) await writeRemembered(paths, {});
        else if (view.remembered?.ports === undefined && view.state !== undefined) {
          await writeRemembered(paths, { ...view.remembered, ports: view.ports });
        }
        await removeState(paths);
        view = await look();
      }),
    health: async () => {
      const restore = await readUnfinishedRestore(paths);
      const report = await healthOf(view.services, view.engine, view, view.ports, {
        files: filesOf(paths, view.engine?.name),
        lostInCache: () => lostInCache(view.settings),
      });
      return { ...report, restore, healthy: report.healthy && restore === undefined };
    },
    unfinishedRestore: () => readUnfinishedRestore(paths),
    whileRestoring: (restore, work) => alone({}, () => restoring(paths, view, restore, work)),
    logFile: async (name, follow) => {
      const service = SERVICES.find((each) => each.name === name || each.container === name);
      if (service !== undefined)
        return (view.engine ?? engineOf('native', view.ports, view.extras)).logFile(service, follow);
      if (name === 'functions') return view.host.logFile;
      if (name === 'console') return view.page.logFile;
      const isScheduled = SCHEDULED_FUNCTIONS.some((each) => each.name === name);
      if (isTopicName(name) || isScheduled) return functionLogFile(paths, name);
      throw new StreamError('NOT_FOUND', `There is no log named ${name}.`, {
        next: suggestion(name, LOG_NAMES) ?? `There are: ${LOG_NAMES.join(', ')}`,
      });
    },
  };
};

/** The folders that a start writes to. */
const foldersOf = (paths: StackPaths, engine: EngineName, services: readonly Service[]): readonly string[] => [
  paths.root,
  ...services.flatMap(({ name }) => filesOf(paths, engine).folderOf(name) ?? []),
];

const restoring = async <Result>(
  paths: StackPaths,
  { host, ports }: View,
  restore: Pick<UnfinishedRestore, 'backup' | 'next'>,
  work: (begin: () => void) => Promise<Result>,
): Promise<Result> => {
  const earlier = await readUnfinishedRestore(paths);
  const isUp = (await host.state()) === 'running';
  // A restore whose process was killed has stopped them, and could not start them again.
  const functions: FunctionsBefore = isUp
    ? { isUp, paused: await pausedTopics(`http://127.0.0.1:${ports.functions}`).catch(() => []) }
    : (earlier?.functions ?? { isUp, paused: [] });
  let isBegun = earlier !== undefined;
  await noteRestore(paths, { ...restore, begunAt: new Date().toISOString(), functions });
  const asBefore = async (): Promise<void> => {
    if (functions.isUp) await host.start(functions.paused);
  };
  let result: Result;
  try {
    await host.stop();
    result = await work(() => {
      isBegun = true;
    });
  } catch (error) {
    if (!isBegun) await forgetRestore(paths);
    // What has ended the restore is the reason that counts.
    await asBefore().catch(() => undefined);
    throw error;
  }
  await forgetRestore(paths);
  await asBefore();
  return result;
};

/** The engines that can have something of a stack. */
const presentEngines = async ({ engine }: StackOptions, env: NodeJS.ProcessEnv): Promise<readonly EngineName[]> => {
  if (engine !== undefined) return [engine];
  return (await dockerAnswers(env)) ? ['native', 'docker'] : ['native'];
};

/** @throws StreamError USAGE where there is one broker only */
const requireBrokers = (engine: EngineName, extras: readonly Extra[]): void => {
  if (engine === 'native' || !extras.includes(MORE_BROKERS)) return;
  throw new StreamError('USAGE', 'In Docker there is one broker.', { next: 'start --engine native --brokers 3' });
};

/** Brokers are voters of the cluster's controller from its first start on; their number lies in its data. */
const changesBrokers = ({ brokers }: StackOptions, { extras }: View, { data }: StackPaths): boolean =>
  brokers !== undefined &&
  brokers !== brokersWith(extras) &&
  existsSync(join(data, 'kafka', 'logs', 'meta.properties'));

/** @throws StreamError REFUSED for what would have to be stopped, or wiped */
const chosenExtras = (options: StackOptions, view: View, paths: StackPaths): readonly Extra[] => {
  const { brokers, extras = [], without = [] } = options;
  if (changesBrokers(options, view, paths)) {
    throw new StreamError('REFUSED', `The data of this stack are of ${brokersWith(view.extras)} broker(s).`, {
      next: 'Delete them first: ./stream-manager.sh stop --wipe',
    });
  }
  if (view.state !== undefined && view.extras.some((name) => without.includes(name))) {
    throw new StreamError('REFUSED', `This stack runs with ${view.extras.join(', ')}.`, {
      next: 'Stop it first: ./stream-manager.sh stop',
    });
  }
  return EXTRAS.filter((name) => {
    if (name === MORE_BROKERS) return (brokers ?? brokersWith(view.extras)) === 3;
    return (view.extras.includes(name) && !without.includes(name)) || extras.includes(name);
  });
};

/** @throws StreamError REFUSED for what the stack, being started, is not */
const chosenEngine = async (
  { engine, portOffset }: StackOptions,
  env: NodeJS.ProcessEnv,
  state: StackState | undefined,
  wanted: Ports,
): Promise<EngineName> => {
  if (state === undefined) return engine ?? ((await dockerAnswers(env)) ? 'docker' : 'native');
  const other = 'Stop it first: ./stream-manager.sh stop';
  if (engine !== undefined && engine !== state.engine) {
    throw new StreamError('REFUSED', `This stack runs on the ${state.engine} engine.`, { next: other });
  }
  const isMoved = portOffset !== undefined && wanted.kafka !== state.ports.kafka;
  if (isMoved)
    throw new StreamError('REFUSED', `This stack runs on other ports (Kafka on ${state.ports.kafka}).`, {
      next: other,
    });
  return state.engine;
};

export type { HealthReport, ServiceHealth } from './health.ts';
