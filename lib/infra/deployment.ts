import type { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { Environment } from '../catalog/index.ts';
import type { FunctionCode } from './code.ts';
import type { ConnectSources } from './connect/sources.ts';
import { BackupStack } from './stacks/backup.ts';
import { CacheStack } from './stacks/cache.ts';
import { ConnectStack } from './stacks/connect.ts';
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
  /** Where the environment says what they connect. */
  readonly connect: ConnectStack | undefined;
  readonly observability: ObservabilityStack;
  /** Where the environment asks for it. */
  readonly trail: TrailStack | undefined;
}

/**
 * Everything an environment consists of.
 *
 * @param code of the functions
 * @param image of the server of the updates API; asked for where the environment has one
 * @param sources of the connectors; looked at where the environment has some
 */
export const deployment = (
  scope: Construct,
  environment: Environment,
  code: FunctionCode,
  image: ContainerImage,
  sources: ConnectSources,
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
  const connect =
    environment.connect === undefined
      ? undefined
      : new ConnectStack(scope, environment, network, environment.connect, sources);
  // No sink may meet a record whose schema is not there yet.
  for (const stack of [network, streaming, schemas]) connect?.addStackDependency(stack);
  const observability = new ObservabilityStack(scope, environment, connect?.watched);
  // It watches the mappings by the ids that are written there.
  observability.addStackDependency(consumers);
  for (const stack of [updates, connect]) if (stack !== undefined) observability.addStackDependency(stack);
  const trail = environment.dataTrail ? new TrailStack(scope, environment) : undefined;
  for (const stack of [storage, backup]) trail?.addStackDependency(stack);
  return { network, streaming, cache, storage, schemas, consumers, backup, updates, connect, observability, trail };
};
