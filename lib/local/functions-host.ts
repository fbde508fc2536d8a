import { join } from 'node:path';
import { PROJECT_ROOT } from '../functions/root.ts';
import { environmentOf, type Settings } from '../settings.ts';
import { codeRecord } from './native/code-record.ts';
import { Daemon } from './native/daemon.ts';
import type { StackPaths } from './paths.ts';
import type { Ports } from './ports.ts';

/** `QR_FUNCTIONS_AWS_ENDPOINT_URL`: where the functions find the AWS emulator, for a proxy in between that can be slow or fail. */
const detour = ({ QR_FUNCTIONS_AWS_ENDPOINT_URL: awsEndpoint } = process.env): Partial<Settings> =>
  awsEndpoint ? { awsEndpoint } : {};

const BUNDLES = join(PROJECT_ROOT, 'dist', 'functions');
const PROGRAM = join(PROJECT_ROOT, 'lib', 'local', 'functions', 'main.ts');
/** The host, and what it starts in the process of each function. */
const PROGRAMS = [PROGRAM, join(PROJECT_ROOT, 'lib', 'local', 'functions', 'bootstrap', 'index.ts')];

/** Batches in flight get three seconds to end, then the host ends itself. */
const GRACE_MS = 4_500;

/** The process of the local functions; the same beside either engine. */
export interface FunctionsHost {
  /** Bundles the functions ahead of the start: it needs no service. */
  prepare(): Promise<void>;
  /** Whether the process that runs has other code than the project; asked after {@link FunctionsHost.prepare}. */
  isOutdated(): Promise<boolean>;
  /** @param paused topics whose mapping is to begin paused; none unless given */
  start(paused?: readonly string[]): Promise<void>;
  state(): ReturnType<Daemon['state']>;
  stop(): Promise<void>;
  readonly logFile: string;
}

/** Where the log of a function lies. */
export const functionLogFile = (paths: StackPaths, name: string): string =>
  join(paths.logs, 'functions', `${name}.log`);

export const functionsHost = (paths: StackPaths, ports: Ports, settings: Settings): FunctionsHost => {
  const logFile = join(paths.logs, 'functions.log');
  const daemon = new Daemon({ name: 'functions', runFolder: paths.run, logFile });
  const record = codeRecord(join(paths.run, 'functions.code'));
  let code: Promise<string> | undefined;
  /** Bundles what has changed. @returns what the functions and their host are made of */
  const prepared = async (): Promise<string> => {
    // The bundler takes its time to load; most commands bundle nothing.
    const { bundleFunctions, codeOfBundles, codeOfSources } = await import('../functions/index.ts');
    await bundleFunctions({ outDir: BUNDLES });
    return `${await codeOfBundles(BUNDLES)} ${await codeOfSources(PROGRAMS)}`;
  };
  const current = (): Promise<string> => {
    code ??= prepared();
    return code;
  };
  return {
    logFile,
    prepare: async () => {
      await current();
    },
    isOutdated: async () => (await daemon.state()) === 'running' && !(await record.isOf(await current())),
    start: async (paused = []) => {
      if ((await daemon.state()) === 'running') return;
      await record.write(await current());
      const command = {
        program: process.execPath,
        args: ['--import', 'tsx', PROGRAM],
        env: {
          ...environmentOf({ ...settings, ...detour() }),
          QR_FUNCTIONS_PORT: String(ports.functions),
          QR_DATA_DIR: paths.root,
          QR_PAUSED_TOPICS: paused.join(','),
          AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        },
      };
      await daemon.start(command, PROJECT_ROOT);
    },
    state: () => daemon.state(),
    stop: () => daemon.stop(GRACE_MS),
  };
};
