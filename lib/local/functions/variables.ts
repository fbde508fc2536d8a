import { LOCAL_REGION } from './limits.ts';

/**
 * The variables the Lambda runtime sets by itself (Lambda Developer Guide, page configuration-envvars). The process gets
 * these and the function's own, nothing of the host's environment: what is not configured is not there, as in AWS.
 */
export const runtimeVariables = (about: {
  readonly name: string;
  readonly memoryMb: number;
  readonly taskRoot: string;
}): Readonly<Record<string, string>> => ({
  _HANDLER: 'index.handler',
  LAMBDA_TASK_ROOT: about.taskRoot,
  LAMBDA_RUNTIME_DIR: about.taskRoot,
  AWS_LAMBDA_FUNCTION_NAME: about.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(about.memoryMb),
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${about.name}`,
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
  AWS_REGION: LOCAL_REGION,
  AWS_DEFAULT_REGION: LOCAL_REGION,
  // The emulator takes any credentials.
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  // No X-Ray daemon on a laptop.
  POWERTOOLS_TRACE_ENABLED: 'false',
  // The SDK's announcement of its end of Node 20 support, on every start, helps nobody in a log.
  NODE_NO_WARNINGS: '1',
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  PATH: process.env.PATH ?? '',
  TMPDIR: process.env.TMPDIR ?? '/tmp',
});
