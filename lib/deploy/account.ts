import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { messageOf, StreamError } from '../errors.ts';
import { type Template, templateOf } from './template.ts';

/** Whose credentials deploy, and where to. */
export interface Caller {
  readonly account: string;
  readonly region: string;
  /** ARN of the user or the assumed role. */
  readonly who: string;
}

/**
 * Asks STS whose credentials these are.
 *
 * @throws StreamError PREREQUISITE_MISSING when there is no region, or there are no credentials, or none that are valid
 */
export const caller = async (client: STSClient = new STSClient()): Promise<Caller> => {
  const region = await client.config.region().catch((error: unknown) => {
    throw new StreamError('PREREQUISITE_MISSING', 'There is no AWS region to deploy to.', {
      next: 'Set AWS_REGION, or AWS_PROFILE to a profile with a region',
      cause: error,
    });
  });
  try {
    const { Account: account, Arn: who } = await client.send(new GetCallerIdentityCommand());
    if (account !== undefined && who !== undefined) return { account, region, who };
  } catch (error) {
    throw new StreamError('PREREQUISITE_MISSING', `There are no valid AWS credentials: ${messageOf(error)}`, {
      next: 'Log in (aws sso login), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; docs/aws.md tells more',
      cause: error,
    });
  }
  throw new StreamError('PREREQUISITE_MISSING', 'AWS does not say whose credentials these are.');
};

/** A stack as it is deployed. */
export interface DeployedStack {
  readonly template: Template;
  /** Whether CloudFormation refuses to delete it. */
  readonly isProtected: boolean;
}

/** The stack of that name; undefined when there is none. */
export const deployedStack = async (
  name: string,
  client: CloudFormationClient = new CloudFormationClient(),
): Promise<DeployedStack | undefined> => {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    if (stack === undefined) return undefined;
    const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' }));
    return {
      template: templateOf(TemplateBody ?? ''),
      isProtected: stack.EnableTerminationProtection === true,
    };
  } catch (error) {
    // CloudFormation has no code of its own for this: ValidationError, "Stack with id NAME does not exist".
    if (error instanceof CloudFormationServiceException && /does not exist/.test(error.message)) return undefined;
    throw new StreamError(
      'SERVICE_FAILED',
      `CloudFormation does not tell about the stack ${name}: ${messageOf(error)}`,
      {
        next: 'Check that the credentials may call cloudformation:DescribeStacks and GetTemplate',
        cause: error,
      },
    );
  }
};
