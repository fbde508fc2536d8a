import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from 'aws-lambda';

const header = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
};

/** One invocation as the Runtime API announces it (Lambda Developer Guide, page runtimes-api). */
export interface Announcement {
  readonly requestId: string;
  readonly traceId: string;
  readonly context: Context;
}

/** The context object of an invocation (page nodejs-context). The callbacks of old are not there: handlers return promises. */
export const announcementOf = (headers: IncomingHttpHeaders, env: NodeJS.ProcessEnv): Announcement => {
  const requestId = header(headers, 'lambda-runtime-aws-request-id');
  const deadline = Number(header(headers, 'lambda-runtime-deadline-ms'));
  const unsupported = () => {
    throw new Error('context.done, fail and succeed are not supported: return a promise.');
  };
  return {
    requestId,
    traceId: header(headers, 'lambda-runtime-trace-id'),
    context: {
      awsRequestId: requestId,
      invokedFunctionArn: header(headers, 'lambda-runtime-invoked-function-arn'),
      functionName: env.AWS_LAMBDA_FUNCTION_NAME ?? '',
      functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION ?? '',
      memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? '',
      logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME ?? '',
      logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME ?? '',
      callbackWaitsForEmptyEventLoop: false,
      getRemainingTimeInMillis: () => deadline - Date.now(),
      done: unsupported,
      fail: unsupported,
      succeed: unsupported,
    },
  };
};
