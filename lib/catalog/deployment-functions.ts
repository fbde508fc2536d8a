import type { FunctionSettings } from './topic.ts';

/** A function that CloudFormation calls while it deploys, and nobody else. */
export interface DeploymentFunction {
  readonly name: string;
  /** Module that exports `handler`, from the project folder. */
  readonly entry: string;
  readonly function: FunctionSettings;
}

/** Registers the schemas of the catalog. */
export const SCHEMA_REGISTRAR = {
  name: 'schema-registrar',
  entry: 'lib/deploy/schema-registrar.ts',
  // Some sixty schemas, four at a time, a second or two each until Glue has compared one with the version before.
  function: { memoryMb: 256, timeoutSeconds: 300, reservedConcurrency: 1 },
} as const satisfies DeploymentFunction;

export const DEPLOYMENT_FUNCTIONS: readonly DeploymentFunction[] = [SCHEMA_REGISTRAR];
