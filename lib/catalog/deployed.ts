import type { EnvironmentName } from './environments.ts';
import type { TopicName } from './names.ts';

/**
 * Values that only a deployment knows. A stack writes them to the Parameter Store (String parameters), and the other stacks
 * and the command line read them there: a CloudFormation export could not change, nor its stack be deleted, while another
 * stack imports it.
 */
export type DeployedValue =
  | 'cluster-arn'
  /** `host:port,...` for IAM authentication. */
  | 'brokers'
  /** `host:port` of the cache. */
  | 'cache-endpoint'
  | 'cache-arn'
  | 'cache-user-arn'
  /** Of who may read the cache only. */
  | 'cache-reader-arn'
  | 'backup-bucket'
  | 'bucket'
  | 'audit-bucket'
  | 'storage-key-arn'
  /** Of the updates API, as metrics name it: `app/NAME/ID`. */
  | 'updates-balancer'
  /** `targetgroup/NAME/ID`. */
  | 'updates-targets'
  /** Id of a topic's event source mapping. */
  | `mapping/${TopicName}`;

/** Names of what the stacks of an environment make. */
export interface DeployedNames {
  readonly cluster: string;
  readonly cache: string;
  /** The user as whom functions and operators speak to the cache; with IAM authentication its name equals its id. */
  readonly cacheUser: string;
  /** The user as whom backups read it. */
  readonly cacheReader: string;
  /** Of the Glue registry; settings call it `glue:NAME`. */
  readonly registry: string;
  /** Of the secret by which tokens of the updates API are signed. */
  readonly updatesSecret: string;
  /** Of the connector of a file under connect/. A sink reads as the group `connect-NAME`. */
  readonly connector: (name: string) => string;
  /** Of the function that works a topic, or that a rule starts. */
  readonly function: (name: string) => string;
  /** Of a value in the Parameter Store. */
  readonly parameter: (value: DeployedValue) => string;
}

export const deployedNames = (environment: EnvironmentName): DeployedNames => ({
  cluster: `qr-${environment}`,
  cache: `qr-${environment}`,
  cacheUser: `qr-${environment}-functions`,
  cacheReader: `qr-${environment}-reader`,
  registry: `qr-${environment}`,
  updatesSecret: `qr/${environment}/updates`,
  connector: (name) => `qr-${environment}-${name}`,
  function: (name) => `qr-${environment}-${name}`,
  parameter: (value) => `/qr/${environment}/${value}`,
});
