import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackPaths } from '../../lib/local/paths.ts';
import { type Ports, portsFrom } from '../../lib/local/ports.ts';
import { settingsOfPorts } from '../../lib/local/stack-settings.ts';
import type { Settings } from '../../lib/settings.ts';
import { type Cli, cliWith } from './cli.ts';
import { freePortVariables } from './ports.ts';
import { childrenOf, isRunning, processesOf, servicePids, signalled } from './processes.ts';
import { until } from './until.ts';

/** A stack of a test's own: on free ports, in a temporary folder, driven by the command line. */
export interface OwnStack {
  readonly cli: Cli;
  readonly dataDir: string;
  readonly ports: Ports;
  readonly settings: Settings;
  /** Variables that say to a command which stack is meant. */
  readonly env: Readonly<Record<string, string>>;
  /** `start --engine native` and these words; fails with what it said when it did not come up. */
  start(...words: readonly string[]): Promise<void>;
  /** Process id of a service, or of `functions`, by the stack's own records. */
  pid(name: string): number;
  /** Ends a service by SIGKILL and waits until it is gone. */
  kill(name: string): Promise<void>;
  /** The processes a service has begun itself. */
  children(name: string): number[];
  /** Every process that has to do with the stack's folder. */
  processes(): number[];
  /** Stops it, ends what is left, and deletes the folder. */
  dispose(): Promise<void>;
}

/**
 * @param name part of the folder's name
 * @param choices variables that the stack and its commands are to have
 * @param moved variables of its ports; free ones unless given
 */
export const ownStack = async (
  name = 'own',
  choices: Readonly<Record<string, string>> = {},
  moved?: Readonly<Record<string, string>>,
): Promise<OwnStack> => {
  const folder = await mkdtemp(join(tmpdir(), 'qr-streams-own-'));
  const dataDir = join(folder, name);
  const env = { ...choices, QR_DATA_DIR: dataDir, ...(moved ?? (await freePortVariables())) };
  const ports = portsFrom(undefined, env);
  const cli = cliWith(env);
  const { root } = stackPaths(dataDir);
  const pid = (service: string): number => {
    const found = servicePids(root).get(service);
    if (found === undefined) throw new Error(`${service} was not started`);
    return found;
  };
  return {
    cli,
    dataDir,
    ports,
    settings: settingsOfPorts(ports, { ...process.env, ...choices }),
    env,
    start: async (...words) => {
      const { code, out, err } = await cli.run('start', '--engine', 'native', ...words);
      if (code !== 0) throw new Error(`start ended with ${code}: ${err}${out}`);
    },
    pid,
    kill: async (service) => {
      const target = pid(service);
      process.kill(target, 'SIGKILL');
      await until(`${service} is gone`, () => !isRunning(target));
    },
    children: (service) => childrenOf(pid(service)),
    processes: () => processesOf(folder),
    dispose: async () => {
      await cli.run('stop', '--wipe', '--yes');
      const left = processesOf(folder);
      for (const one of left) signalled(one, 'SIGKILL');
      await until('all of its processes are gone', () => left.every((one) => !isRunning(one)));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
