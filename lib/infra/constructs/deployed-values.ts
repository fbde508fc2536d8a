import { Aws } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type DeployedValue, deployedNames, type EnvironmentName } from '../../catalog/index.ts';

/** Writes a value that only a deployment knows to the Parameter Store, for other stacks and the command line. */
export const publishValue = (
  scope: Construct,
  environment: EnvironmentName,
  value: DeployedValue,
  stringValue: string,
): void => {
  new StringParameter(scope, `Value-${value.replaceAll('/', '-')}`, {
    parameterName: deployedNames(environment).parameter(value),
    stringValue,
  });
};

/**
 * A value that another stack has written. CloudFormation reads it at each deployment, so what reads it must be deployed
 * after what writes it; nothing is locked, as an export would be.
 */
export const deployedValue = (scope: Construct, environment: EnvironmentName, value: DeployedValue): string =>
  StringParameter.valueForStringParameter(scope, deployedNames(environment).parameter(value));

/** The ARN of something this account has in this region, which others can know only by its name. */
export const arnHere = (service: string, resource: string): string =>
  `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
