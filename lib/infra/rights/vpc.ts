import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnHere } from '../constructs/deployed-values.ts';

/** What Lambda does in the name of the function to connect it, and its pollers, with the VPC. */
const INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** EC2 takes these for all resources only (Service Authorization Reference, Amazon EC2). */
const DESCRIPTIONS = [
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
];

/**
 * Rights by which Lambda makes the network interfaces of a function. Interfaces have no name before they are made, and the
 * Lambda Developer Guide (configuration-vpc) wants all resource ids of the account named. So that code in the function gains
 * nothing by them, what comes from the function itself is denied, as the same page advises.
 */
export const networkStatements = (functionName: string): readonly PolicyStatement[] => [
  new PolicyStatement({ actions: INTERFACES, resources: [arnHere('ec2', '*/*')] }),
  new PolicyStatement({ actions: DESCRIPTIONS, resources: ['*'] }),
  new PolicyStatement({
    effect: Effect.DENY,
    actions: [...INTERFACES, ...DESCRIPTIONS],
    resources: ['*'],
    conditions: { ArnEquals: { 'lambda:SourceFunctionArn': arnHere('lambda', `function:${functionName}`) } },
  }),
];
