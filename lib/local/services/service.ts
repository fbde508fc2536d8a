import type { Settings } from '../../settings.ts';
import type { PortName, Ports } from '../ports.ts';
import type { Probe } from '../probes.ts';

/** What a native service runs in. */
export interface NativePlace {
  readonly ports: Ports;
  /** One server unless it says otherwise. */
  readonly redisMode?: Settings['redisMode'];
  /** Brokers of the stack; one unless it says otherwise. */
  readonly brokers?: BrokerCount;
  /** Folder of its own for what it stores; it exists. */
  readonly data: string;
  /** Folder of a package that was fetched. */
  readonly packageFolder: (name: string) => string;
}

/** A program to start; its working directory is the data folder of its service. */
export interface NativeCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How a service runs without Docker. */
export interface NativeRecipe {
  /** Names of packages it needs, see lib/local/packages. */
  readonly packages: readonly string[];
  /** Its program is Java, run with `javaFlags` of its first package: an archive of its classes makes its starts quick. */
  readonly isJava?: boolean;
  /** Services without which it does not come up, so that they run beside it while its archive is made. */
  readonly trainsBeside?: readonly Service['name'][];
  /** How it is asked to end; SIGTERM unless given. */
  readonly stopSignal?: NodeJS.Signals;
  /**
   * What is wrong with what it has stored, as a part of a sentence; asked before anything of a stack is started, so that
   * nothing is changed.
   *
   * @param data its folder
   * @param hadData whether it has come up in this folder before
   */
  readonly damage?: (data: string, hadData: boolean) => Promise<string | undefined>;
  /** What its log says last where it has ended because of its data, and what that is as a part of a sentence. */
  readonly lastWords?: readonly (readonly [pattern: RegExp, damage: string])[];
  /** How a stack whose data of it are damaged is brought up again, without the rest being lost; after "Put it back from a copy, or". */
  readonly withoutData?: string;
  /**
   * Whether nothing of it writes any more, where its processes can outlive the one that was started and have no output of
   * ours to be known by.
   *
   * @param data its folder
   */
  readonly isAtRest?: (data: string) => Promise<boolean>;
  /** Done before each start; what is done already costs nothing. */
  readonly prepare?: (place: NativePlace) => Promise<void>;
  readonly command: (place: NativePlace) => NativeCommand | Promise<NativeCommand>;
}

/** How a service runs in Docker. */
export interface DockerRecipe {
  /** Official image, pinned; or the name of one that is made here. */
  readonly image: string;
  /** Folder of the Dockerfile that makes the image. */
  readonly build?: string;
  /** User and group it runs as, where those of the image will not do. */
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Port inside the container that is published on the loopback interface. */
  readonly port: number;
  /** Folder inside the container whose content is kept; none for what keeps nothing. */
  readonly volume?: string;
  /** Volumes the image declares and nobody needs: kept in memory, or each start would leave one behind without a name. With Docker’s options after a colon. */
  readonly scratch?: readonly string[];
  /** Shell command; exit code 0 when the service is well. It runs every five seconds: it must cost next to nothing. */
  readonly healthCheck: string;
  readonly memory: string;
}

/** Groups of services that `start --with NAME` starts. */
export const OPTIONAL = ['connect'] as const;

/** The second and the third broker: `start --brokers 3`. */
export const MORE_BROKERS = 'three-brokers';

/** Groups of services that are started only where they are asked for. */
export const EXTRAS = [...OPTIONAL, MORE_BROKERS] as const;
export type Extra = (typeof EXTRAS)[number];

/** Brokers that a stack can have: one, or as in three zones. */
export type BrokerCount = 1 | 3;

/** Brokers of a stack with these groups. */
export const brokersWith = (extras: readonly Extra[]): BrokerCount => (extras.includes(MORE_BROKERS) ? 3 : 1);

/** One service of the stack; both engines run it from this entry. */
export interface Service {
  readonly name: Exclude<PortName, 'functions' | 'console' | `kafka-controller${string}`>;
  /** The group it belongs to; a service without one is always started. */
  readonly extra?: Extra;
  /** Services that must hold what they are to hold (topics, tables) before it gets its own. They stand before it in the list. */
  readonly needs?: readonly Service['name'][];
  /** What people call it. */
  readonly title: string;
  /** Name in Docker. */
  readonly container: string;
  /** Ports it listens on, the published one first. */
  readonly listens: readonly PortName[];
  /** Where users find it. */
  readonly endpoint: (port: number) => string;
  readonly probe: Probe;
  /** Asked by `health` in the place of `probe`: whether what it does goes well, beyond that it answers. */
  readonly health?: Probe;
  /** Absent for what there is in Docker only. */
  readonly native?: NativeRecipe;
  /** Absent for what runs natively only. */
  readonly docker?: DockerRecipe;
}

/** A service that there is without Docker. */
export type NativeService = Service & { readonly native: NativeRecipe };

export const isNative = (service: Service): service is NativeService => service.native !== undefined;

/** A service that there is in Docker. */
export type DockerService = Service & { readonly docker: DockerRecipe };

export const isDocker = (service: Service): service is DockerService => service.docker !== undefined;
