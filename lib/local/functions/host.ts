import type { Server } from 'node:http';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEAD_LETTER_TOPIC, type FunctionSettings, type ScheduledFunction, type Topic } from '../../catalog/index.ts';
import { type BundleEntry, bundleFunctions, functionEntries, functionEnvironment } from '../../functions/index.ts';
import { openKafka } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import { type Controlled, controlApi, type HostHealth } from './control-api.ts';
import { FileDestination, KafkaDestination } from './destinations.ts';
import type { Environment } from './environment.ts';
import { LambdaFunction } from './function.ts';
import { FunctionLog } from './function-log.ts';
import { invokeApi } from './invoke-api.ts';
import { type MappedTopic, Mapping } from './mapping.ts';
import { Rule } from './rule.ts';
import { RUNTIME_PATH, runtimeApi } from './runtime-api.ts';
import { listen } from './server.ts';
import { runtimeVariables } from './variables.ts';

/** A topic with a function: an entry of the catalog, or a test's own. */
export type HostedTopic = MappedTopic & Pick<Topic, 'function'>;

export interface HostOptions {
  readonly settings: Settings;
  readonly topics: readonly HostedTopic[];
  /** Functions that rules start; none unless given. */
  readonly scheduled?: readonly ScheduledFunction[];
  /** Where the sources of the functions are; the catalog's functions unless given. Topics without one get no mapping. */
  readonly entries?: readonly BundleEntry[];
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Folder for `functions/NAME.log`. */
  readonly logDir: string;
  /** Folder for records no destination takes, one `TOPIC.ndjson` a topic. */
  readonly deadLetterDir: string;
  /** Folder for the bundles. */
  readonly outDir: string;
  /** Where given-up records go; the catalog's dead-letter queue unless given. */
  readonly deadLetterTopic?: string;
  /** Topics whose mapping begins paused, until it is resumed; none unless given. */
  readonly paused?: readonly string[];
  /** Environments of one function on this machine, at most; the number of processors unless given. */
  readonly concurrency?: number;
  /** Takes one line of the host's own log. */
  readonly log?: (line: string) => void;
}

const BOOTSTRAP = 'bootstrap';

/** Milliseconds a stop lets batches in flight finish. */
const STOP_GRACE_MS = 3_000;

/** Functions, their mappings and the three APIs, in one process. */
export class FunctionHost implements Controlled {
  readonly port: number;
  readonly #server: Server;
  readonly #functions: ReadonlyMap<string, LambdaFunction>;
  readonly #mappings: ReadonlyMap<string, Mapping>;
  readonly #rules: readonly Rule[];
  readonly #closers: readonly (() => Promise<void> | void)[];

  private constructor(parts: {
    port: number;
    server: Server;
    functions: ReadonlyMap<string, LambdaFunction>;
    mappings: ReadonlyMap<string, Mapping>;
    rules: readonly Rule[];
    closers: readonly (() => Promise<void> | void)[];
  }) {
    this.port = parts.port;
    this.#server = parts.server;
    this.#functions = parts.functions;
    this.#mappings = parts.mappings;
    this.#rules = parts.rules;
    this.#closers = parts.closers;
  }

  /**
   * Bundles the functions and lets the mappings join their groups; {@link health} tells when all have. A function gets its
   * first environment with its first call (Lambda Developer Guide, lambda-runtime-environment), unless the catalog has some
   * provisioned: fourteen processes that nobody has asked anything would cost a laptop seconds and a gigabyte.
   *
   * @throws esbuild's BuildFailure; EADDRINUSE when the port is taken
   */
  static async start(options: HostOptions): Promise<FunctionHost> {
    const { settings, log = () => undefined } = options;
    const entries = options.entries ?? functionEntries();
    const [bundles, [runtime]] = await Promise.all([
      bundleFunctions({ outDir: join(options.outDir, 'functions'), entries }),
      bundleFunctions({
        outDir: join(options.outDir, 'runtime'),
        entries: [{ name: BOOTSTRAP, source: fileURLToPath(new URL('./bootstrap/index.ts', import.meta.url)) }],
      }),
    ]);
    const functions = new Map<string, LambdaFunction>();
    const mappings = new Map<string, Mapping>();
    const find = (id: string): Environment | undefined => {
      for (const lambda of functions.values()) {
        const environment = lambda.environment(id);
        if (environment) return environment;
      }
      return undefined;
    };
    let host: FunctionHost | undefined;
    const { server, port } = await listen(options.port, [
      (request, response) => runtimeApi(request, response, find),
      (request, response) => invokeApi(request, response, (name) => functions.get(name)),
      async (request, response) => host !== undefined && controlApi(request, response, host),
    ]);
    const kafka = openKafka(settings, {
      clientId: 'qr-functions',
      onError: (message) => log(`kafkajs: ${message}`),
    });
    const deadLetterTopic = options.deadLetterTopic ?? DEAD_LETTER_TOPIC;
    const deadLetters = new KafkaDestination(kafka, deadLetterTopic);
    const logs: FunctionLog[] = [];
    const hosted = (name: string, limits: FunctionSettings): LambdaFunction | undefined => {
      const bundle = bundles.find((each) => each.name === name);
      if (!bundle || !runtime) return undefined;
      const functionLog = new FunctionLog(join(options.logDir, 'functions'), name);
      logs.push(functionLog);
      const lambda = new LambdaFunction({
        name,
        ...limits,
        localConcurrency: options.concurrency ?? availableParallelism(),
        variables: {
          ...functionEnvironment({ name, settings }),
          ...runtimeVariables({ name, memoryMb: limits.memoryMb, taskRoot: bundle.folder }),
        },
        taskRoot: bundle.folder,
        bootstrap: join(runtime.folder, 'index.mjs'),
        runtimeApi: `127.0.0.1:${port}${RUNTIME_PATH}`,
        log: functionLog,
      });
      functions.set(name, lambda);
      return lambda;
    };
    for (const topic of options.topics) {
      const lambda = hosted(topic.name, topic.function);
      if (!lambda) continue;
      const file = new FileDestination(join(options.deadLetterDir, `${topic.name}.ndjson`));
      mappings.set(
        topic.name,
        new Mapping({
          topic,
          brokers: settings.brokers,
          kafka,
          target: lambda,
          // A mapping's destination must not be its own source.
          destination: topic.name === deadLetterTopic ? file : deadLetters,
          lastResort: file,
          log,
        }),
      );
    }
    const rules = (options.scheduled ?? []).flatMap((each) => {
      const lambda = hosted(each.name, each.function);
      return lambda ? [{ rule: new Rule(), each, lambda }] : [];
    });
    const closers = [() => deadLetters.close(), ...logs.map((each) => () => each.close())];
    host = new FunctionHost({ port, server, functions, mappings, rules: rules.map(({ rule }) => rule), closers });
    for (const lambda of functions.values()) lambda.provision();
    for (const [topic, mapping] of mappings) if (options.paused?.includes(topic) !== true) void mapping.resume();
    for (const { rule, each, lambda } of rules) rule.start(each, lambda, log);
    return host;
  }

  health(): HostHealth {
    const mappings = this.mappings().map((mapping) => mapping.health());
    const functions = [...this.#functions.values()].map((lambda) => lambda.health());
    const ready =
      mappings.every(({ state }) => state === 'running' || state === 'paused') &&
      functions.every(({ state }) => state !== 'failed');
    return { ready, mappings, functions };
  }

  mapping(topic: string): Mapping | undefined {
    return this.#mappings.get(topic);
  }

  mappings(): readonly Mapping[] {
    return [...this.#mappings.values()];
  }

  function(name: string): LambdaFunction | undefined {
    return this.#functions.get(name);
  }

  /** Stops polling, lets batches in flight finish for 3 s, commits, leaves the groups, ends the environments. */
  async stop(graceMs: number = STOP_GRACE_MS): Promise<void> {
    for (const rule of this.#rules) rule.stop();
    await Promise.all(this.mappings().map((mapping) => mapping.pause(graceMs)));
    // Their last lines go to logs that are closed below.
    await Promise.all([...this.#functions.values()].map((lambda) => lambda.close()));
    this.#server.close();
    this.#server.closeAllConnections();
    for (const close of this.#closers) await close();
  }
}
