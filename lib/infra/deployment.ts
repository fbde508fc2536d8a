import type { Construct } from 'constructs';
import type { Environment } from '../catalog/index.ts';
import { CacheStack } from './stacks/cache.ts';
import { NetworkStack } from './stacks/network.ts';
import { ObservabilityStack } from './stacks/observability.ts';
import { StorageStack } from './stacks/storage.ts';
import { StreamingStack } from './stacks/streaming.ts';

/** The stacks of one environment. */
export interface Deployment {
  readonly network: NetworkStack;
  readonly streaming: StreamingStack;
  readonly cache: CacheStack;
  readonly storage: StorageStack;
  readonly observability: ObservabilityStack;
}

/** Everything an environment consists of. */
export const deployment = (scope: Construct, environment: Environment): Deployment => {
  const network = new NetworkStack(scope, environment);
  return {
    network,
    streaming: new StreamingStack(scope, environment, network),
    cache: new CacheStack(scope, environment, network),
    storage: new StorageStack(scope, environment),
    observability: new ObservabilityStack(scope, environment),
  };
};
