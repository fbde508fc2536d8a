import { join } from 'node:path';
import { PROJECT_ROOT } from '../functions/root.ts';
import { environmentOf, type Settings } from '../settings.ts';
import { Daemon } from './native/daemon.ts';
import type { StackPaths } from './paths.ts';
import type { Ports } from './ports.ts';

/** `QR_FUNCTIONS_AWS_ENDPOINT_URL`: where the functions find the AWS emulator, for a proxy in between that can be slow or fail. */
const detour = ({ QR_FUNCTIONS_AWS_ENDPOINT_URL: awsEndpoint } = process.env): Partial<Settings> =>
  awsEndpoint ? { awsEndpoint } : {};

/** Batches in flight get three seconds to end, then the host ends itself. */
const GRACE_MS = 4_500;

/** The process of the local functions; the same beside either engine. */
export interface FunctionsHost {
  /** Bundles the functions ahead of the start: it needs no service. */
  prepare(): Promise<void>;
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
  return {
    logFile,
    prepare: async () => {
      // The bundler takes its time to load; most commands bundle nothing.
      const { bundleFunctions } = await import('../functions/index.ts');
      await bundleFunctions({ outDir: join(PROJECT_ROOT, 'dist', 'functions') });
    },
    start: async (paused = []) => {
      if ((await daemon.state()) === 'running') return;
      const command = {
        program: process.execPath,
        args: ['--import', 'tsx', join(PROJECT_ROOT, 'lib', 'local', 'functions', 'main.ts')],
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
