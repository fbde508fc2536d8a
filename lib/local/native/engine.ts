import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../../settings.ts';
import type { Engine } from '../engine.ts';
import { fetchPackages, packageFolder } from '../packages/index.ts';
import type { StackPaths } from '../paths.ts';
import type { Ports } from '../ports.ts';
import { type BrokerCount, type NativePlace, SERVICES, type Service } from '../services/index.ts';
import { JAVA_LOCALE } from '../services/java.ts';
import { Daemon } from './daemon.ts';
import { nothingLeft } from './left-over.ts';

export interface NativeOptions {
  readonly paths: StackPaths;
  readonly ports: Ports;
  /** Folder of downloaded components. */
  readonly packages: string;
  readonly redisMode?: Settings['redisMode'];
  readonly brokers?: BrokerCount;
}

/**
 * What a service gets to end by itself. A broker that is asked to stop while clients are connected can take long; ended
 * by force it loses nothing: what it has acknowledged is in the kernel's hands, and it looks its logs through at the next start.
 */
const GRACE_MS = 4_000;

/** What processes get whose service was gone before it could be asked to end: they notice, and end by themselves. */
const ORPHANS_MS = 10_000;

/** Runs the services as processes of this machine, without root. */
export const nativeEngine = ({ paths, ports, packages, redisMode, brokers = 1 }: NativeOptions): Engine => {
  const daemonOf = ({ name }: Service): Daemon =>
    new Daemon({ name, runFolder: paths.run, logFile: join(paths.logs, `${name}.log`) });
  const startOne = async (service: Service): Promise<void> => {
    const { name, native } = service;
    if (native === undefined) return;
    const daemon = daemonOf(service);
    if ((await daemon.state()) === 'running') return;
    const data = join(paths.data, name);
    await mkdir(data, { recursive: true });
    const place: NativePlace = {
      ports,
      redisMode,
      brokers,
      data,
      packageFolder: (wanted) => packageFolder(packages, wanted),
    };
    await native.prepare?.(place);
    const command = await native.command(place);
    const env = { ...(native.isJava === true ? JAVA_LOCALE : {}), ...command.env };
    await daemon.start({ ...command, env }, data);
  };
  const restless = async (): Promise<readonly string[]> => {
    const all = await Promise.all(
      SERVICES.map(async ({ name, title, native }) =>
        (await native?.isAtRest?.(join(paths.data, name))) === false ? [title] : [],
      ),
    );
    return all.flat();
  };
  return {
    name: 'native',
    fetch: (services, onProgress) =>
      fetchPackages(
        packages,
        services.flatMap(({ native }) => native?.packages ?? []),
        onProgress,
      ),
    start: async (services) => {
      await Promise.all(services.map(startOne));
    },
    state: (service) => daemonOf(service).state(),
    stop: async () => {
      await Promise.all(SERVICES.map((service) => daemonOf(service).stop(GRACE_MS, service.native?.stopSignal)));
    },
    wipe: async () => {
      await nothingLeft(paths, restless, ORPHANS_MS);
      await rm(paths.data, { recursive: true, force: true });
    },
    logFile: async (service) => daemonOf(service).logFile,
  };
};
