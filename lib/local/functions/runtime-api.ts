import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, bodyOf } from './body.ts';
import type { Environment } from './environment.ts';
import { LIMITS } from './limits.ts';

/** Path below which every environment has a Runtime API of its own. */
export const RUNTIME_PATH = '/environments';

const ROUTE =
  /^\/environments\/([^/]+)\/2018-06-01\/runtime\/(?:invocation\/(next)|invocation\/([^/]+)\/(response|error)|(init\/error))$/;

/**
 * The Lambda Runtime API, version 2018-06-01 (Lambda Developer Guide, page runtimes-api), of all environments.
 *
 * @param find the environment with an id, undefined when it is gone
 * @returns false when the request is not for it
 */
export const runtimeApi = async (
  request: IncomingMessage,
  response: ServerResponse,
  find: (id: string) => Environment | undefined,
): Promise<boolean> => {
  const match = ROUTE.exec(request.url ?? '');
  if (!match) return false;
  const [, id = '', next, requestId = '', verb] = match;
  const environment = find(id);
  if (!environment) {
    answer(response, 403, { errorType: 'Forbidden', errorMessage: 'No such environment' });
  } else if (next) {
    environment.next(response);
  } else {
    const body = await bodyOf(request, LIMITS.payloadBytes);
    const accepted = take(environment, requestId, verb, body);
    if (body === undefined) answer(response, 413, tooLarge);
    else if (accepted) answer(response, 202, { status: 'OK' });
    else answer(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' });
  }
  return true;
};

const tooLarge = {
  errorType: 'RequestEntityTooLarge',
  errorMessage: `Exceeded maximum allowed payload size (${LIMITS.payloadBytes} bytes).`,
};

const take = (
  environment: Environment,
  requestId: string,
  verb: string | undefined,
  body: Buffer | undefined,
): boolean => {
  const text = body?.toString('utf8') ?? JSON.stringify(tooLarge);
  if (verb === 'error') return environment.fail(requestId, text);
  if (verb === 'response') {
    return body === undefined ? environment.respondTooLarge(requestId) : environment.respond(requestId, text);
  }
  environment.failInit(text);
  return true;
};
