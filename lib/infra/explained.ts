import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
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

/** A reason for the resources with a wildcard that a pattern finds. */
export interface WildcardReason {
  readonly pattern: RegExp;
  readonly reason: string;
}

/**
 * Explains the wildcards in the resources of a policy. cdk-nag wants each named as it stands in the template; one that no
 * reason fits stays a finding.
 *
 * @param policy what the construct has, complete
 */
export const explainedWildcards = (
  construct: IConstruct,
  policy: PolicyDocument,
  reasons: readonly WildcardReason[],
): void => {
  for (const resource of wildcardsIn(Stack.of(construct).resolve(policy))) {
    const found = reasons.find(({ pattern }) => pattern.test(resource));
    if (found !== undefined) {
      explained(construct, { id: `AwsSolutions-IAM5[Resource::${resource}]`, reason: found.reason });
    }
  }
};

interface Statement {
  readonly Effect: string;
  readonly Resource?: unknown;
}

const wildcardsIn = (document: { readonly Statement?: readonly Statement[] } | undefined): readonly string[] =>
  (document?.Statement ?? [])
    .filter(({ Effect, Resource }) => Effect === 'Allow' && Resource !== undefined)
    .flatMap(({ Resource }) => (Array.isArray(Resource) ? Resource : [Resource]))
    .map(flattened)
    .filter((resource) => resource.includes('*'));

const isObject = (node: unknown): node is Readonly<Record<string, unknown>> =>
  typeof node === 'object' && node !== null;

/** A reference as cdk-nag writes it in the id of a finding. */
const flattened = (node: unknown): string => {
  if (typeof node === 'string') return node;
  if (!isObject(node)) return '';
  const { Ref: ref, 'Fn::Join': join, 'Fn::GetAtt': attribute } = node;
  if (Array.isArray(join) && Array.isArray(join[1])) return join[1].map(flattened).join(String(join[0]));
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  return typeof ref === 'string' ? `<${ref}>` : JSON.stringify(node);
};
