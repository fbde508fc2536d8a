import { deployedNames, type Environment } from '../catalog/index.ts';
import { functionEnvironment } from '../functions/index.ts';
import type { StreamResources } from './rights/resources.ts';

export interface VariablesOf {
  /** The function, as the catalog names it. */
  readonly name: string;
  /** Its bucket. */
  readonly bucket: string;
  /** Of the secret by which it signs links; none unless it does. */
  readonly linkSecretArn?: string | undefined;
}

/** The variables of a deployed function: the same names as on a laptop, with what the deployment knows. */
export const variablesOf = (
  { name, bucket, linkSecretArn }: VariablesOf,
  { name: environmentName, product }: Environment,
  { brokers, registry, cacheEndpoint }: StreamResources,
): Readonly<Record<string, string>> => {
  const { cache, cacheUser } = deployedNames(environmentName);
  return {
    ...functionEnvironment({
      name,
      settings: {
        brokers: [brokers],
        kafkaAuth: 'iam',
        registryUrl: `glue:${registry}`,
        redisUrl: `rediss://${cacheUser}@${cacheEndpoint}`,
        bucket,
        awsEndpoint: undefined,
        dnsServers: [],
        domainTarget: product.domainTarget,
        emailSender: product.emailSender,
        appUrl: product.appUrl,
        linkSecret: undefined,
        linkSecretArn,
        webhookAllowed: [],
        operatorUserId: product.operatorUserId,
        // No function has a way to a database in AWS yet: neither a route nor its password (docs/architecture.md, "History").
        history: 'objects',
      },
    }),
    // A serverless cache is a cluster, and its users have tokens that IAM signs instead of passwords.
    REDIS_AUTH: 'iam',
    REDIS_CACHE_NAME: cache,
    REDIS_MODE: 'cluster',
  };
};
