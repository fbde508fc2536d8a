import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, bodyOf } from './body.ts';
import { type LambdaFunction, Throttled } from './function.ts';
import { LIMITS } from './limits.ts';

const ROUTE = /^\/2015-03-31\/functions\/([^/]+)\/invocations(?:\?.*)?$/;

/**
 * Lambda's Invoke (Lambda API reference), so that the AWS SDK and `aws lambda invoke --endpoint-url` work. Types
 * RequestResponse, Event (run once: Lambda's two retries of asynchronous calls are not imitated) and DryRun.
 *
 * @param find the function of a name
 * @returns false when the request is not for it
 */
export const invokeApi = async (
  request: IncomingMessage,
  response: ServerResponse,
  find: (name: string) => LambdaFunction | undefined,
): Promise<boolean> => {
  const match = ROUTE.exec(request.url ?? '');
  if (!match || request.method !== 'POST') return false;
  const payload = await bodyOf(request, LIMITS.payloadBytes);
  // A name, a partial or a full ARN.
  const name = decodeURIComponent(match[1] ?? '').replace(/^(?:arn:aws:lambda:[^:]*:)?(?:\d+:)?function:/, '');
  const target = find(name);
  if (!target) refuse(response, 404, 'ResourceNotFoundException', `Function not found: ${name}`);
  else if (payload === undefined)
    refuse(
      response,
      413,
      'RequestTooLargeException',
      'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
    );
  else await invoke(request, response, target, payload);
  return true;
};

const invoke = async (
  request: IncomingMessage,
  response: ServerResponse,
  target: LambdaFunction,
  received: Buffer,
): Promise<void> => {
  const payload = received.byteLength === 0 ? Buffer.from('{}') : received;
  if (!isJson(payload)) {
    return refuse(response, 400, 'InvalidRequestContentException', 'Could not parse request body into json');
  }
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'DryRun') {
    response.writeHead(204).end();
  } else if (type === 'Event') {
    void target.invoke(payload).catch(() => undefined);
    response.writeHead(202).end();
  } else {
    try {
      const result = await target.invoke(payload, { wait: false });
      response
        .writeHead(result.statusCode, {
          'Content-Type': 'application/json',
          'X-Amzn-RequestId': result.requestId,
          'X-Amz-Executed-Version': '$LATEST',
          ...(result.functionError === undefined ? {} : { 'X-Amz-Function-Error': result.functionError }),
        })
        .end(result.body);
    } catch (error) {
      if (error instanceof Throttled) refuse(response, 429, 'TooManyRequestsException', 'Rate Exceeded.');
      else refuse(response, 503, 'ServiceException', 'The functions are shutting down');
    }
  }
};

const isJson = (payload: Buffer): boolean => {
  try {
    JSON.parse(payload.toString('utf8'));
    return true;
  } catch {
    return false;
  }
};

const refuse = (response: ServerResponse, status: number, type: string, message: string): void =>
  answer(response, status, { Type: 'User', message, Message: message }, { 'X-Amzn-ErrorType': type });
