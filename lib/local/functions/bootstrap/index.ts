import { Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import { errorReport, RuntimeClient } from './client.ts';
import { announcementOf } from './context.ts';

/**
 * The runtime inside a function process: what the Node.js runtime interface client is in Lambda. Loads the handler, then
 * asks for invocations one after the other (Lambda Developer Guide, page runtimes-api). Bundled on its own, so that a
 * process starts without loading the project.
 */
type Handler = (event: unknown, context: Context) => unknown;

/** Descriptor of the pipe whose other end the host holds: it closes when the host dies, however it dies. */
const LIFELINE = 3;

const main = async (): Promise<void> => {
  new Socket({ fd: LIFELINE })
    .on('close', () => process.exit(1))
    .unref()
    .resume();
  const client = new RuntimeClient(process.env.AWS_LAMBDA_RUNTIME_API ?? '');
  let running: string | undefined;
  let initialised = false;

  const die = async (type: string, error: unknown): Promise<never> => {
    const cause = error instanceof Error ? error : new Error(String(error));
    cause.name = type === '' ? cause.name : type;
    console.error(JSON.stringify(errorReport(cause)));
    // Between invocations there is nobody to tell: the one connection is busy with the request for the next.
    if (running !== undefined) await client.fail(running, cause).catch(() => undefined);
    else if (!initialised) await client.failInit(cause).catch(() => undefined);
    process.exit(129);
  };
  process.on('uncaughtException', (error) => void die('', error));
  process.on('unhandledRejection', (error) => void die('Runtime.UnhandledPromiseRejection', error));

  const handler = await loadHandler().catch((error: unknown) => die('', error));
  initialised = true;
  for (;;) {
    const { status, headers, body } = await client.next().catch(() => process.exit(1));
    // The host does not know this environment: it belongs to one that is gone.
    if (status !== 200) process.exit(1);
    const { requestId, traceId, context } = announcementOf(headers, process.env);
    running = requestId;
    process.env._X_AMZN_TRACE_ID = traceId;
    await handle(client, handler, body, context);
    running = undefined;
  }
};

const handle = async (client: RuntimeClient, handler: Handler, body: Buffer, context: Context): Promise<void> => {
  let response: string;
  try {
    response = JSON.stringify(await handler(JSON.parse(body.toString('utf8')), context)) ?? 'null';
  } catch (error) {
    console.error(JSON.stringify({ requestId: context.awsRequestId, ...errorReport(error) }));
    await client.fail(context.awsRequestId, error);
    return;
  }
  await client.respond(context.awsRequestId, response);
};

/** `_HANDLER` is `<file>.<export>`, below LAMBDA_TASK_ROOT. */
const loadHandler = async (): Promise<Handler> => {
  const [file = '', name = ''] = (process.env._HANDLER ?? '').split('.');
  const module: unknown = await import(pathToFileURL(join(process.env.LAMBDA_TASK_ROOT ?? '', `${file}.mjs`)).href);
  const exported = typeof module === 'object' && module !== null ? Object.entries(module) : [];
  const found: unknown = exported.find(([key]) => key === name)?.[1];
  if (!isHandler(found)) {
    const error = new Error(`${file}.${name} is undefined or not exported`);
    error.name = 'Runtime.HandlerNotFound';
    throw error;
  }
  return found;
};

const isHandler = (value: unknown): value is Handler => typeof value === 'function';

await main();
