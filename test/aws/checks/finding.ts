import type { EnvironmentName } from '../../../lib/catalog/index.ts';

/** Who looks at the templates. */
export const VALIDATORS = ['CDK', 'cdk-nag', 'cfn-lint'] as const;

export type Validator = (typeof VALIDATORS)[number];

/** Something a validator does not like. Errors and warnings count alike. */
export interface Finding {
  readonly environment: EnvironmentName;
  readonly validator: Validator;
  /** E.g. `W3005`, `AwsSolutions-IAM4[...]`. */
  readonly rule: string;
  /** Construct or resource, with its stack. */
  readonly where: string;
  readonly text: string;
}
