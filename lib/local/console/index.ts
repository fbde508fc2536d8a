import { join } from 'node:path';
import { PROJECT_ROOT } from '../../functions/root.ts';
import { environmentOf, type Settings } from '../../settings.ts';
import type { EngineName } from '../engine.ts';
import { codeRecord } from '../native/code-record.ts';
import { Daemon } from '../native/daemon.ts';
import type { StackPaths } from '../paths.ts';
import { PORT_NAMES, PORTS, type Ports } from '../ports.ts';
import { http, type Probe } from '../probes.ts';
import { consoleSettings } from './settings.ts';

/** Streams to browsers are cut at once; a request under way gets a moment. */
const GRACE_MS = 2_000;

/** It is there for a person: small rather than fast. A page of large messages must fit all the same. */
const FLAGS = ['--optimize-for-size', '--max-semi-space-size=1', '--max-old-space-size=256'];

/** The process of the console page; the same beside either engine. */
export interface ConsoleProcess {
  /**
   * Bundles what is not bundled, and starts it unless it runs; one that runs older code is started again. Needs no service
   * to be up.
   *
   * @param onRestart called before it is started again
   */
  start(engine: EngineName, onRestart?: () => void): Promise<void>;
  state(): ReturnType<Daemon['state']>;
  readonly probe: Probe;
  stop(): Promise<void>;
  readonly logFile: string;
}

export const consoleProcess = (paths: StackPaths, ports: Ports, settings: Settings): ConsoleProcess => {
  const logFile = join(paths.logs, 'console.log');
  const daemon = new Daemon({ name: 'console', runFolder: paths.run, logFile });
  const record = codeRecord(join(paths.run, 'console.code'));
  return {
    logFile,
    start: async (engine, onRestart = () => undefined) => {
      // Told here, where somebody reads it, before the process would refuse.
      consoleSettings();
      const { bundleConsole } = await import('./bundle.ts');
      const { server, page, code } = await bundleConsole();
      if ((await daemon.state()) === 'running') {
        if (await record.isOf(code)) return;
        onRestart();
        await daemon.stop(GRACE_MS);
      }
      await record.write(code);
      const env = {
        ...environmentOf(settings),
        ...portVariables(ports),
        QR_DATA_DIR: paths.root,
        QR_CONSOLE_PAGE: page,
        // In Docker the port belongs to Kafka UI.
        QR_CONSOLE_UI: engine === 'native' ? '1' : '0',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      };
      await daemon.start({ program: process.execPath, args: [...FLAGS, server], env }, PROJECT_ROOT);
    },
    state: () => daemon.state(),
    probe: http('/healthz'),
    stop: () => daemon.stop(GRACE_MS),
  };
};

const portVariables = (ports: Ports): Record<string, string> => {
  return Object.fromEntries(PORT_NAMES.map((name) => [PORTS[name].variable, String(ports[name])]));
};
