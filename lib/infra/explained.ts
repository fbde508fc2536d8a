import { CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A finding of a validator that is meant to be so. */
export interface Explanation {
  /** Of cdk-nag (`AwsSolutions-S1`), of CDK (`CloudFormation-Validate::F3033`), or of cfn-lint (`W3005`). */
  readonly id: string;
  /** Why, one sentence for whoever audits the account. */
  readonly reason: string;
}

const OF_CFN_LINT = /^[EWI]\d{4}$/;

/**
 * Notes why findings on a construct, and on what is in it, are meant to be so; the validators then pass them over. With
 * cfn-lint that holds for the construct's own resource only. `npm run check:aws` fails on all that is not explained.
 */
export const explained = (construct: IConstruct, ...explanations: readonly Explanation[]): void => {
  const ofLint = explanations.filter(({ id }) => OF_CFN_LINT.test(id)).map(({ id }) => id);
  const resource = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
  if (ofLint.length > 0 && CfnResource.isCfnResource(resource)) {
    // https://github.com/aws-cloudformation/cfn-lint#resource-based-metadata
    resource.addMetadata('cfn-lint', { config: { ignore_checks: ofLint } });
  }
  Validations.of(construct).acknowledge(...explanations.filter(({ id }) => !OF_CFN_LINT.test(id)));
};
