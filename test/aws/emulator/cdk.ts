import { fileURLToPath } from 'node:url';
import { begin, type Said } from '../../support/cli.ts';

const PROGRAM = fileURLToPath(new URL('../../../node_modules/aws-cdk/bin/cdk', import.meta.url));

/** The account and region of the emulator. */
export const WHERE = 'aws://000000000000/us-east-1';

/**
 * Runs the CDK command line of node_modules against an emulator: the AWS SDK in it heeds AWS_ENDPOINT_URL for every service,
 * and asks S3 by paths where the endpoint is an address.
 *
 * @param endpoint address of the emulator
 */
export const cdkAgainst =
  (endpoint: string) =>
  (...words: readonly string[]): Promise<Said> =>
    begin(process.execPath, [PROGRAM, ...words, '--ci', '--no-notices'], {
      env: {
        AWS_ENDPOINT_URL: endpoint.replace('//localhost:', '//127.0.0.1:'),
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
      },
    }).ended;
