import type { FunctionSettings } from '../../catalog/index.ts';
import { Environment, type EnvironmentSettings } from './environment.ts';
import { failedWith, type InvocationResult, invocationOf } from './invocation.ts';

export interface FunctionHealth {
  readonly name: string;
  /** Environments that are up, starting ones included. */
  readonly environments: number;
  /** `idle` until its first call, which starts an environment, as in Lambda. */
  readonly state: 'idle' | 'starting' | 'ready' | 'failed';
  readonly detail: string;
}

/** The function has as many invocations as it may: Lambda's 429, TooManyRequestsException. */
export class Throttled extends Error {}

interface Waiter {
  readonly serve: (environment: Environment) => void;
  readonly fail: (result: InvocationResult | Error) => void;
}

/** Idle time after which all but one environment are ended. */
const KEEP_IDLE_MS = 60_000;

export interface FunctionOptions extends EnvironmentSettings {
  readonly reservedConcurrency: FunctionSettings['reservedConcurrency'];
  readonly provisionedConcurrency?: FunctionSettings['provisionedConcurrency'];
  /** Environments this machine runs at most. */
  readonly localConcurrency: number;
}

/** A Lambda function: starts environments when there are more calls than idle ones, up to its concurrency. */
export class LambdaFunction {
  readonly concurrency: number;
  readonly #options: FunctionOptions;
  readonly #environments = new Map<string, Environment>();
  readonly #idle: Environment[] = [];
  readonly #waiters: Waiter[] = [];
  readonly #reaper: NodeJS.Timeout;
  #state: FunctionHealth['state'] = 'idle';
  #detail = '';
  #closed = false;
  /** Called when the last environment of a closed function has ended. */
  #emptied: () => void = () => undefined;

  constructor(options: FunctionOptions) {
    this.#options = options;
    this.concurrency = Math.max(1, Math.min(options.reservedConcurrency, options.localConcurrency));
    this.#reaper = setInterval(() => this.#reap(), KEEP_IDLE_MS / 4);
    this.#reaper.unref();
  }

  get name(): string {
    return this.#options.name;
  }

  /** Starts the environments that are to be there ahead of the first call. */
  provision(): void {
    const wanted = Math.min(this.#options.provisionedConcurrency ?? 0, this.concurrency);
    while (this.#environments.size < wanted) this.#start();
  }

  /**
   * Runs one invocation.
   *
   * @param payload JSON, at most LIMITS.payloadBytes
   * @param options.wait whether to queue while every environment is busy; without it that is {@link Throttled}
   * @returns the result, function errors included
   */
  async invoke(payload: Buffer, options: { readonly wait: boolean } = { wait: true }): Promise<InvocationResult> {
    if (this.#closed) throw new Error(`${this.name} is shutting down`);
    const invocation = invocationOf(payload);
    const idle = this.#idle.pop();
    if (idle) return idle.invoke(invocation);
    const starting = [...this.#environments.values()].filter((environment) => !environment.initialised).length;
    const room = this.#environments.size < this.concurrency;
    // Only calls count: an environment that has answered and not yet asked for more is as good as idle.
    const busy = [...this.#environments.values()].filter((environment) => environment.busy).length;
    if (!options.wait && busy + this.#waiters.length >= this.concurrency) throw new Throttled();
    return new Promise((resolve, reject) => {
      this.#waiters.push({
        serve: (environment) => resolve(environment.invoke(invocation)),
        fail: (reason) =>
          reason instanceof Error ? reject(reason) : resolve({ ...reason, requestId: invocation.requestId }),
      });
      if (room && this.#waiters.length > starting) this.#start();
    });
  }

  /** The environment with this id, for the Runtime API. */
  environment(id: string): Environment | undefined {
    return this.#environments.get(id);
  }

  /** Process ids of the environments that are up. */
  pids(): readonly number[] {
    return [...this.#environments.values()].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  health(): FunctionHealth {
    return {
      name: this.name,
      environments: this.#environments.size,
      state: this.#state,
      detail: this.#detail,
    };
  }

  /** Ends every environment and waits for its end; calls that wait are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#reaper);
    for (const waiter of this.#waiters.splice(0)) waiter.fail(new Error(`${this.name} is shutting down`));
    if (this.#environments.size === 0) return;
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    for (const environment of this.#environments.values()) environment.kill();
    await emptied;
  }

  #start(): void {
    if (this.#state === 'idle') {
      this.#state = 'starting';
      this.#detail = 'initialising';
    }
    const environment = new Environment(this.#options, {
      idle: (ready) => this.#free(ready),
      ended: (gone, initFailure) => this.#gone(gone, initFailure),
    });
    this.#environments.set(environment.id, environment);
  }

  #free(environment: Environment): void {
    this.#state = 'ready';
    this.#detail = '';
    const waiter = this.#waiters.shift();
    if (waiter) waiter.serve(environment);
    else this.#idle.push(environment);
  }

  #gone(environment: Environment, initFailure: string | undefined): void {
    this.#environments.delete(environment.id);
    const index = this.#idle.indexOf(environment);
    if (index >= 0) this.#idle.splice(index, 1);
    if (this.#closed) {
      if (this.#environments.size === 0) this.#emptied();
      return;
    }
    if (initFailure !== undefined) {
      this.#state = this.#environments.size > 0 ? this.#state : 'failed';
      this.#detail = detailOf(initFailure);
      // As in Lambda, the call that made the environment start gets its failure.
      this.#waiters.shift()?.fail(failedWith('', initFailure));
    }
    if (this.#waiters.length > 0 && this.#environments.size < this.concurrency) this.#start();
  }

  /** Newest first in use, so the front of the list is what has been idle longest. */
  #reap(): void {
    const longest = this.#idle[0];
    if (this.#environments.size > 1 && longest && Date.now() - longest.idleSince > KEEP_IDLE_MS) {
      this.#idle.shift();
      longest.kill();
    }
  }
}

const detailOf = (report: string): string => {
  try {
    const { errorType, errorMessage }: { errorType?: unknown; errorMessage?: unknown } = JSON.parse(report);
    return `initialisation failed: ${String(errorType)}: ${String(errorMessage)}`;
  } catch {
    return 'initialisation failed';
  }
};
