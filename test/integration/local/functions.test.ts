import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionHost, HostOptions } from '../../../lib/local/functions/host.ts';
import { type Hosted, hosted, Scene } from '../../support/hosted.ts';
import { until } from '../../support/until.ts';

const TOPICS = {
  plain: hosted('obeys'),
  one: hosted('obeys', { function: { reservedConcurrency: 1 } }),
  short: hosted('obeys', { function: { timeoutSeconds: 1, reservedConcurrency: 1 } }),
  small: hosted('obeys', { function: { memoryMb: 128, reservedConcurrency: 1 } }),
  crashing: hosted('obeys', { function: { reservedConcurrency: 1 } }),
  idle: hosted('obeys', { function: { reservedConcurrency: 1 } }),
  failing: hosted('fails-at-init', { function: { timeoutSeconds: 1 } }),
  hanging: hosted('hangs-at-init', { function: { timeoutSeconds: 1 } }),
} as const;
const ALL = Object.values(TOPICS);

const scene = new Scene();
let options: HostOptions;
let host: FunctionHost;

beforeAll(async () => {
  await scene.open(ALL);
  options = await scene.hostOptions(ALL);
  host = await scene.host(ALL, options);
});
afterAll(async () => {
  await host?.stop(0);
  await scene.close();
});

const invoke = async (topic: Hosted, payload: unknown, headers: Record<string, string> = {}, name = topic.name) => {
  const response = await fetch(`http://127.0.0.1:${host.port}/2015-03-31/functions/${name}/invocations`, {
    method: 'POST',
    headers,
    body: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
  const text = await response.text();
  return {
    status: response.status,
    functionError: response.headers.get('x-amz-function-error'),
    errorType: response.headers.get('x-amzn-errortype'),
    requestId: response.headers.get('x-amzn-requestid'),
    body: text === '' ? undefined : JSON.parse(text),
  };
};
const logOf = (topic: Hosted) => readFile(join(options.logDir, 'functions', `${topic.name}.log`), 'utf8');

describe('Invoke', () => {
  it('answers with what the function returned, by name and by ARN', async () => {
    const { status, body, functionError, requestId } = await invoke(TOPICS.plain, { a: 'ü' });
    expect([status, functionError]).toEqual([200, null]);
    expect(body).toMatchObject({ event: { a: 'ü' }, requestId });
    expect(body.remainingMs).toBeGreaterThan(10_000);
    const again = await invoke(TOPICS.plain, {}, {}, encodeURIComponent(body.arn));
    expect(again.status).toBe(200);
  });

  it('gives the function the variables of Lambda and its own, and nothing of the host', async () => {
    const { body } = await invoke(TOPICS.plain, {});
    const expected = ['AWS_LAMBDA_FUNCTION_NAME', 'AWS_REGION', 'LAMBDA_TASK_ROOT', 'KAFKA_BROKERS', 'REDIS_URL'];
    expect(body.variables).toEqual(expect.arrayContaining(expected));
    expect(body.variables.filter((name: string) => /^(VITEST|HOME$|npm_|QR_PACKAGES)/.test(name))).toEqual([]);
  });

  it('says of a function that throws what it threw', async () => {
    const { status, functionError, body } = await invoke(TOPICS.plain, { throw: 'not like this' });
    expect([status, functionError]).toEqual([200, 'Unhandled']);
    expect(body).toMatchObject({ errorType: 'TypeError', errorMessage: 'not like this' });
    expect(body.trace[0]).toContain('not like this');
  });

  it('fails a response that is too large', async () => {
    const { functionError, body } = await invoke(TOPICS.plain, { answerMb: 7 });
    expect([functionError, body.errorType]).toEqual(['Unhandled', 'Function.ResponseSizeTooLarge']);
  });

  it('refuses as Lambda does: unknown function, no JSON, too large a request', async () => {
    expect(await invoke(TOPICS.plain, {}, {}, 'nobody')).toMatchObject({
      status: 404,
      errorType: 'ResourceNotFoundException',
    });
    expect(await invoke(TOPICS.plain, '{')).toMatchObject({ status: 400, errorType: 'InvalidRequestContentException' });
    const large = JSON.stringify('x'.repeat(6 * 1024 * 1024));
    expect(await invoke(TOPICS.plain, large)).toMatchObject({ status: 413, errorType: 'RequestTooLargeException' });
  });

  it('takes a dry run and an asynchronous call without an answer', async () => {
    expect(await invoke(TOPICS.plain, {}, { 'X-Amz-Invocation-Type': 'DryRun' })).toMatchObject({ status: 204 });
    expect(
      await invoke(TOPICS.plain, { throw: 'seen in the log only' }, { 'X-Amz-Invocation-Type': 'Event' }),
    ).toMatchObject({
      status: 202,
    });
    await until('the call is in the log', async () => (await logOf(TOPICS.plain)).includes('seen in the log only'));
  });

  it('does not take a function for busy that has just answered', async () => {
    for (let i = 0; i < 20; i++) expect(await invoke(TOPICS.one, {})).toMatchObject({ status: 200 });
  });

  it('throttles beyond the concurrency of the function', async () => {
    const calls = await Promise.all([1, 2, 3].map(() => invoke(TOPICS.one, { sleepMs: 500 })));
    expect(calls.map(({ status }) => status).sort()).toEqual([200, 429, 429]);
    expect(calls.find(({ status }) => status === 429)?.errorType).toBe('TooManyRequestsException');
  });
});

describe.concurrent('a function', () => {
  it('that takes longer than its timeout is ended, and the next call gets a new process', async () => {
    const before = await invoke(TOPICS.short, {});
    const { functionError, body, requestId } = await invoke(TOPICS.short, { sleepMs: 30_000 });
    expect(functionError).toBe('Unhandled');
    expect(body).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.00 seconds`,
    });
    expect(await logOf(TOPICS.short)).toMatch(/Task timed out after 1\.00 seconds\nEND RequestId/);
    const after = await invoke(TOPICS.short, {});
    expect(after.status).toBe(200);
    expect(after.body.pid).not.toBe(before.body.pid);
  });

  it('that takes more memory than it has is killed', async () => {
    const before = await invoke(TOPICS.small, { allocateMb: 1 });
    expect(before.functionError).toBeNull();
    const { body } = await invoke(TOPICS.small, { allocateMb: 200 });
    expect(body).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('Runtime exited with error: signal: killed'),
    });
    expect(await logOf(TOPICS.small)).toMatch(/Memory Size: 128 MB\tMax Memory Used: [12]\d\d MB/);
  });

  it('that ends its process fails the call, and is there again for the next', async () => {
    const { body } = await invoke(TOPICS.crashing, { exit: 7 });
    expect(body.errorMessage).toMatch(/Runtime exited with error: exit status 7$/);
    expect(await invoke(TOPICS.crashing, {})).toMatchObject({ status: 200, functionError: null });
  });

  it('that breaks while nothing runs takes no later call down with it', async () => {
    const { body } = await invoke(TOPICS.idle, { throwAfterMs: 50 });
    await until('its process has ended', () => !host.function(TOPICS.idle.name)?.pids().includes(body.pid));
    const after = await invoke(TOPICS.idle, {});
    expect(after.functionError).toBeNull();
    expect(after.body.pid).not.toBe(body.pid);
  });

  it('that cannot be initialised fails its calls with the reason, and its health says so', async () => {
    const { functionError, body } = await invoke(TOPICS.failing, {});
    expect(functionError).toBe('Unhandled');
    expect(body).toMatchObject({ errorType: 'SyntaxError', errorMessage: 'no configuration' });
    const health = host.health();
    expect(health.ready).toBe(false);
    expect(health.functions.find(({ name }) => name === TOPICS.failing.name)).toMatchObject({
      state: 'failed',
      detail: 'initialisation failed: SyntaxError: no configuration',
    });
  });

  it('that never ends its initialisation is ended after ten seconds', async () => {
    const { body } = await invoke(TOPICS.hanging, {});
    expect(body).toEqual({ errorType: 'Sandbox.Timedout', errorMessage: 'Init timed out after 10.00 seconds' });
  });
});
