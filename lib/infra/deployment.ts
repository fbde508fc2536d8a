import type { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { Environment } from '../catalog/index.ts';
import type { FunctionCode } from './code.ts';
import { BackupStack } from './stacks/backup.ts';
import { CacheStack } from './stacks/cache.ts';
import { ConsumersStack } from './stacks/consumers.ts';
import { NetworkStack } from './stacks/network.ts';
import { ObservabilityStack } from './stacks/observability.ts';
import { SchemasStack } from './stacks/schemas.ts';
import { StorageStack } from './stacks/storage.ts';
import { StreamingStack } from './stacks/streaming.ts';
import { TrailStack } from './stacks/trail.ts';
import { UpdatesStack } from './stacks/updates.ts';

/** The stacks of one environment. */
export interface Deployment {
  readonly network: NetworkStack;
  readonly streaming: StreamingStack;
  readonly cache: CacheStack;
  readonly storage: StorageStack;
  readonly schemas: SchemasStack;
  readonly consumers: ConsumersStack;
  readonly backup: BackupStack;
  /** Where the environment has a place for it. */
  readonly updates: UpdatesStack | undefined;
  readonly observability: ObservabilityStack;
  /** Where the environment asks for it. */
  readonly trail: TrailStack | undefined;
}

/**
 * Everything an environment consists of.
 *
 * @param code of the functions
 * @param image of the server of the updates API; asked for where the environment has one
 */
export const deployment = (
  scope: Construct,
  environment: Environment,
  code: FunctionCode,
  image: ContainerImage,
): Deployment => {
  const network = new NetworkStack(scope, environment);
  const streaming = new StreamingStack(scope, environment, network);
  const cache = new CacheStack(scope, environment, network);
  const storage = new StorageStack(scope, environment);
  const schemas = new SchemasStack(scope, environment, code);
  const consumers = new ConsumersStack(scope, environment, network, code);
  // What it reads from the Parameter Store must have been written there.
  for (const stack of [network, streaming, cache, storage]) consumers.addStackDependency(stack);
  // No function may publish by a schema that the registry does not have, or would refuse.
  consumers.addStackDependency(schemas);
  const backup = new BackupStack(scope, environment, network, code);
  for (const stack of [network, streaming, cache, storage, schemas]) backup.addStackDependency(stack);
  const updates =
    environment.updates === undefined
      ? undefined
      : new UpdatesStack(scope, environment, network, environment.updates, image);
  updates?.addStackDependency(cache);
  const observability = new ObservabilityStack(scope, environment);
  // It watches the mappings by the ids that are written there.
  observability.addStackDependency(consumers);
  if (updates !== undefined) observability.addStackDependency(updates);
  const trail = environment.dataTrail ? new TrailStack(scope, environment) : undefined;
  for (const stack of [storage, backup]) trail?.addStackDependency(stack);
  return { network, streaming, cache, storage, schemas, consumers, backup, updates, observability, trail };
};
