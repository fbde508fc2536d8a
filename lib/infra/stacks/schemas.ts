import { createHash } from 'node:crypto';
import { CustomResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnRegistry } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import { deployedNames, type Environment, SCHEMA_REGISTRAR } from '../../catalog/index.ts';
import { SUBJECTS, schemaTextOf } from '../../events/index.ts';
import type { FunctionCode } from '../code.ts';
import { Worker } from '../constructs/worker.ts';
import { EnvironmentStack } from '../environment-stack.ts';
import { removalOf } from '../removal.ts';
import { registrarStatements } from '../rights/registrar.ts';

/** What the function has to answer when its time is over; CloudFormation would wait for an hour. */
const MARGIN_SECONDS = 60;

/**
 * The schema registry and the schemas in it. AWS::Glue::Schema could make a schema, but not give it further versions that
 * are compared with the one before, so a function registers them, as a custom resource. It answers CloudFormation itself:
 * CDK's provider framework would add a second function with its role and its findings, to save some thirty lines.
 * It stands outside of the VPC: it needs Glue and the bucket it answers to, nothing that is in there.
 */
export class SchemasStack extends EnvironmentStack {
  constructor(scope: Construct, environment: Environment, code: FunctionCode) {
    super(scope, 'schemas', environment, { description: 'Schema registry and schemas' });
    const names = deployedNames(environment.name);
    const registry = new CfnRegistry(this, 'Registry', {
      name: names.registry,
      description: `Schemas of the events of ${environment.name}`,
    });
    // Records that stay in the topics can be read by their schemas only.
    registry.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const registrar = new Worker(this, SCHEMA_REGISTRAR.name, {
      name: names.function(SCHEMA_REGISTRAR.name),
      description: 'Registers the schemas while they are deployed',
      settings: SCHEMA_REGISTRAR.function,
      code: code(SCHEMA_REGISTRAR.name),
      variables: { NODE_OPTIONS: '--enable-source-maps' },
      statements: registrarStatements(names.registry),
      logDays: environment.logDays,
      removalPolicy: removalOf(environment),
    });
    const schemas = new CustomResource(this, 'Schemas', {
      resourceType: 'Custom::Schemas',
      serviceToken: registrar.function.functionArn,
      serviceTimeout: Duration.seconds(SCHEMA_REGISTRAR.function.timeoutSeconds + MARGIN_SECONDS),
      properties: { Registry: names.registry, Digest: schemasDigest() },
    });
    schemas.node.addDependency(registry);
  }
}

/** Of all subjects with their schemas: CloudFormation calls the function again only when a property has changed. */
const schemasDigest = (): string => {
  const hash = createHash('sha256');
  for (const { subject, type } of SUBJECTS) hash.update(`${subject}\0${schemaTextOf(type)}\0`);
  return hash.digest('hex');
};
