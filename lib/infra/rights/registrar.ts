import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnHere } from '../constructs/deployed-values.ts';

/**
 * What registers schemas may do: make them and their versions in one registry, and nothing be deleted. Glue takes versions
 * for all resources only where they are asked for by their id, and it gives a new one no other name until it has been
 * compared with the one before (AWS Glue, "IAM examples for serializers"; RegisterSchemaVersion).
 */
export const registrarStatements = (registry: string): readonly PolicyStatement[] => [
  new PolicyStatement({
    actions: ['glue:CreateSchema', 'glue:RegisterSchemaVersion'],
    resources: [arnHere('glue', `registry/${registry}`), arnHere('glue', `schema/${registry}/*`)],
  }),
  new PolicyStatement({ actions: ['glue:GetSchemaVersion'], resources: ['*'] }),
];
