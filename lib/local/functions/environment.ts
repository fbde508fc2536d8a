import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { FunctionLog } from './function-log.ts';
import { failed, failedWith, type Invocation, type InvocationResult, succeeded, traceHeader } from './invocation.ts';
import { functionArn, LIMITS } from './limits.ts';
import { peakMemoryMb } from './memory.ts';

/** What an execution environment is started with. */
export interface EnvironmentSettings {
  readonly name: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Variables of the process, complete: nothing is inherited from the host. */
  readonly variables: Readonly<Record<string, string>>;
  /** Folder of the bundle: LAMBDA_TASK_ROOT. */
  readonly taskRoot: string;
  /** The bundled runtime client. */
  readonly bootstrap: string;
  /** `host:port/path` of the Runtime API, to which the environment's id is appended. */
  readonly runtimeApi: string;
  readonly log: FunctionLog;
}

export interface EnvironmentEvents {
  /** Initialised, or done with an invocation: ready for one. */
  idle(environment: Environment): void;
  /** The process is gone. `initFailure`: the error report when it never became ready. */
  ended(environment: Environment, initFailure: string | undefined): void;
}

interface Running extends Invocation {
  readonly settle: (result: InvocationResult) => void;
  readonly startedAt: number;
  readonly timer: NodeJS.Timeout;
}

const MEMORY_LOOK_MS = process.platform === 'linux' ? 100 : 1_000;

/**
 * One execution environment: a process of its own that asks the Runtime API for invocations, one at a time, and is killed
 * when it exceeds the function's timeout or memory (Lambda Developer Guide, page lambda-runtime-environment).
 */
export class Environment {
  readonly id = randomUUID();
  readonly #settings: EnvironmentSettings;
  readonly #events: EnvironmentEvents;
  readonly #child: ChildProcess;
  readonly #bornAt = performance.now();
  readonly #watch: NodeJS.Timeout;
  #initTimer: NodeJS.Timeout | undefined;
  #initMs: number | undefined;
  #initReported = false;
  #initFailure: string | undefined;
  #peakMb = 0;
  /** The runtime's request for work, held until there is some. */
  #parked: ServerResponse | undefined;
  #running: Running | undefined;
  #ended = false;
  idleSince = Date.now();

  constructor(settings: EnvironmentSettings, events: EnvironmentEvents) {
    this.#settings = settings;
    this.#events = events;
    const { log, bootstrap, taskRoot, variables, memoryMb } = settings;
    log.initStarted();
    this.#child = spawn(
      process.execPath,
      // As Lambda's own runtime: the heap gets nine tenths of the memory.
      [`--max-old-space-size=${Math.floor(memoryMb * 0.9)}`, bootstrap],
      {
        cwd: taskRoot,
        env: {
          ...variables,
          AWS_LAMBDA_RUNTIME_API: `${settings.runtimeApi}/${this.id}`,
          AWS_LAMBDA_LOG_STREAM_NAME: `[$LATEST]${this.id.replaceAll('-', '')}`,
        },
        // The fourth is the lifeline: its end tells the process that the host is gone.
        stdio: ['ignore', log.descriptor, log.descriptor, 'pipe'],
        // In a group of its own, so that Ctrl-C at the host does not take functions down in the middle of a batch.
        detached: true,
      },
    );
    this.#child.on('error', (error) => this.#exited(`exit status 1 (${error.message})`));
    this.#child.on('exit', (code, signal) =>
      this.#exited(signal === null ? `exit status ${code}` : `signal: ${SIGNALS[signal] ?? signal}`),
    );
    const initSeconds = Math.max(LIMITS.initSeconds, settings.timeoutSeconds);
    this.#initTimer = setTimeout(() => {
      this.#initFailure = errorBody('Sandbox.Timedout', `Init timed out after ${initSeconds.toFixed(2)} seconds`);
      this.kill();
    }, initSeconds * 1_000);
    this.#watch = setInterval(() => void this.#watchMemory(), MEMORY_LOOK_MS);
    this.#watch.unref();
  }

  get initialised(): boolean {
    return this.#initMs !== undefined;
  }

  /** Whether an invocation is under way. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Hands an idle environment an invocation. */
  invoke(invocation: Invocation): Promise<InvocationResult> {
    const { log, timeoutSeconds, name } = this.#settings;
    const response = this.#parked;
    this.#parked = undefined;
    return new Promise((resolve) => {
      const { requestId, payload } = invocation;
      const timeoutMs = timeoutSeconds * 1_000;
      log.started(requestId);
      this.#running = {
        ...invocation,
        settle: resolve,
        startedAt: performance.now(),
        timer: setTimeout(() => this.#timedOut(), timeoutMs),
      };
      response?.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': payload.byteLength,
        'Lambda-Runtime-Aws-Request-Id': requestId,
        'Lambda-Runtime-Deadline-Ms': Date.now() + timeoutMs,
        'Lambda-Runtime-Invoked-Function-Arn': functionArn(name),
        'Lambda-Runtime-Trace-Id': traceHeader(),
      });
      response?.end(payload);
    });
  }

  /** Runtime API: the process asks for work. The first time, it has been initialised. */
  next(response: ServerResponse): void {
    this.#parked = response;
    if (this.#initMs === undefined) {
      clearTimeout(this.#initTimer);
      this.#initMs = performance.now() - this.#bornAt;
    }
    this.idleSince = Date.now();
    this.#events.idle(this);
  }

  /** Runtime API: the response of an invocation; false when it is not the one that runs. */
  respond(requestId: string, body: string): boolean {
    return this.#finish(requestId, succeeded(requestId, body));
  }

  /** Runtime API: a response beyond the limit. */
  respondTooLarge(requestId: string): boolean {
    const message = `Response payload size exceeded maximum allowed payload size (${LIMITS.payloadBytes} bytes).`;
    return this.#finish(requestId, failed(requestId, 'Function.ResponseSizeTooLarge', message));
  }

  /** Runtime API: the function failed; `body` is its error report. */
  fail(requestId: string, body: string): boolean {
    return this.#finish(requestId, failedWith(requestId, body));
  }

  /** Runtime API: the function could not be initialised; the process ends by itself. */
  failInit(body: string): void {
    this.#initFailure = body;
  }

  /** Ends the process at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Process id, for messages and tests. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  #finish(requestId: string, result: InvocationResult, failure?: string): boolean {
    const running = this.#running;
    if (running?.requestId !== requestId) return false;
    this.#running = undefined;
    clearTimeout(running.timer);
    this.#settings.log.ended(
      requestId,
      {
        durationMs: performance.now() - running.startedAt,
        memoryMb: this.#settings.memoryMb,
        maxMemoryMb: this.#peakMb,
        initMs: this.#initReported ? undefined : this.#initMs,
      },
      failure,
    );
    this.#initReported = true;
    running.settle(result);
    return true;
  }

  #timedOut(): void {
    const id = this.#running?.requestId;
    if (id === undefined) return;
    const message = `Task timed out after ${this.#settings.timeoutSeconds.toFixed(2)} seconds`;
    this.kill();
    this.#finish(id, failed(id, 'Sandbox.Timedout', `RequestId: ${id} Error: ${message}`), `${id} ${message}`);
  }

  async #watchMemory(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined || (this.#running === undefined && this.#peakMb > 0)) return;
    this.#peakMb = Math.max(this.#peakMb, await peakMemoryMb(pid));
    // An environment that is over its limit would have been killed by the kernel.
    if (this.#peakMb > this.#settings.memoryMb) this.kill();
  }

  #exited(how: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#initTimer);
    clearInterval(this.#watch);
    this.#parked?.destroy();
    const message = `Runtime exited with error: ${how}`;
    const id = this.#running?.requestId;
    if (id !== undefined) {
      this.#finish(
        id,
        failed(id, 'Runtime.ExitError', `RequestId: ${id} Error: ${message}`),
        `RequestId: ${id} Error: ${message}`,
      );
    }
    const initFailure = this.initialised ? undefined : (this.#initFailure ?? errorBody('Runtime.ExitError', message));
    if (initFailure !== undefined) this.#settings.log.note(`INIT_REPORT Status: error ${initFailure}`);
    this.#events.ended(this, initFailure);
  }
}

const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted (core dumped)',
  SIGSEGV: 'segmentation fault (core dumped)',
  SIGTERM: 'terminated',
};

const errorBody = (errorType: string, errorMessage: string): string => JSON.stringify({ errorType, errorMessage });
