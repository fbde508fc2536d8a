import { CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Findings of validators that are meant to be there, with the reason beside the code that causes them: rules of cdk-nag
 * (`AwsSolutions-IAM5[Resource::*]`), of CDK's own validation (`CloudFormation-Validate::F3033`) and of cfn-lint (`W3005`).
 * `npm run check:aws` fails on all others. What is said of a construct holds for all that is in it, with cfn-lint for its
 * own resource only.
 */
export const explained = (construct: IConstruct, reasons: Readonly<Record<string, string>>): void => {
  const ofLint = Object.keys(reasons).filter((id) => OF_CFN_LINT.test(id));
  const resource = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
  if (ofLint.length > 0 && CfnResource.isCfnResource(resource)) {
    // https://github.com/aws-cloudformation/cfn-lint#resource-based-metadata
    resource.addMetadata('cfn-lint', { config: { ignore_checks: ofLint } });
  }
  for (const [id, reason] of Object.entries(reasons)) {
    if (!OF_CFN_LINT.test(id)) Validations.of(construct).acknowledge({ id, reason });
  }
};

const OF_CFN_LINT = /^[EWI]\d{4}$/;
