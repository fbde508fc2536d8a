import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** What the Runtime API answered. */
export interface RuntimeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One connection that stays open: a runtime does one thing at a time. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Calls of the Lambda Runtime API, version 2018-06-01, of one environment. */
export class RuntimeClient {
  readonly #base: string;

  /** @param api AWS_LAMBDA_RUNTIME_API: `host:port`, here with a path for the environment */
  constructor(api: string) {
    this.#base = `http://${api}/2018-06-01/runtime`;
  }

  /** Waits for the next invocation. */
  next(): Promise<RuntimeAnswer> {
    return this.#call('GET', '/invocation/next');
  }

  respond(requestId: string, body: string): Promise<RuntimeAnswer> {
    return this.#call('POST', `/invocation/${requestId}/response`, body);
  }

  fail(requestId: string, error: unknown): Promise<RuntimeAnswer> {
    return this.#report(`/invocation/${requestId}/error`, error);
  }

  failInit(error: unknown): Promise<RuntimeAnswer> {
    return this.#report('/init/error', error);
  }

  #report(path: string, error: unknown): Promise<RuntimeAnswer> {
    const report = errorReport(error);
    return this.#call('POST', path, JSON.stringify(report), {
      'Lambda-Runtime-Function-Error-Type': report.errorType,
    });
  }

  #call(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string | number> = {},
  ): Promise<RuntimeAnswer> {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
      const call = request(
        `${this.#base}${path}`,
        { method, agent, headers: { 'Content-Type': 'application/json', ...length, ...headers } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
          );
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  }
}

/** An error as Lambda shows it: type, message, and the stack as lines. */
export const errorReport = (error: unknown): { errorType: string; errorMessage: string; trace: string[] } =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };
