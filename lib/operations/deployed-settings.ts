import { GetBootstrapBrokersCommand, KafkaClient } from '@aws-sdk/client-kafka';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type DeployedValue, deployedNames, type EnvironmentName } from '../catalog/index.ts';
import { messageOf, StreamError, TransientError } from '../errors.ts';
import { type Settings, settingsFrom } from '../settings.ts';

/** What is asked of the Parameter Store. */
const VALUES = ['cluster-arn', 'cache-endpoint', 'bucket'] as const satisfies readonly DeployedValue[];

/** Settings of an environment, and the region it was found in. */
export interface Deployed {
  readonly settings: Settings;
  readonly region: string;
}

/**
 * Where the components of an environment in AWS are: what its stacks have written to the Parameter Store, and the brokers
 * that MSK names for its cluster now. Account and region are those of the credentials (`AWS_PROFILE`, `AWS_REGION`, ...).
 *
 * @param env what is no component, as elsewhere
 * @throws StreamError PREREQUISITE_MISSING without credentials or region, NOT_FOUND where the environment is not deployed,
 * REFUSED where AWS says no, SERVICE_FAILED where it does not answer
 */
export const deployedSettings = async (
  name: EnvironmentName,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Deployed> => {
  const names = deployedNames(name);
  const ssm = new SSMClient({ maxAttempts: 2 });
  const kafka = new KafkaClient({ maxAttempts: 2 });
  try {
    const region = await ssm.config.region();
    const wanted = VALUES.map(names.parameter);
    const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names: wanted }));
    const found = new Map(Parameters.map(({ Name, Value }) => [Name, Value]));
    const value = (which: (typeof VALUES)[number]): string => {
      const text = found.get(names.parameter(which));
      if (text !== undefined) return text;
      throw new StreamError('NOT_FOUND', `${name} is not deployed in ${region}, in the account of these credentials.`, {
        next: `Check AWS_PROFILE and AWS_REGION; the Parameter Store has no ${names.parameter(which)}`,
      });
    };
    const place = { cache: value('cache-endpoint'), bucket: value('bucket'), cluster: value('cluster-arn') };
    const { BootstrapBrokerStringSaslIam: brokers } = await kafka.send(
      new GetBootstrapBrokersCommand({ ClusterArn: place.cluster }),
    );
    if (brokers === undefined) {
      throw new StreamError('NOT_FOUND', `The Kafka cluster of ${name} has no brokers for IAM authentication.`, {
        next: `See aws kafka describe-cluster-v2 --cluster-arn ${place.cluster}`,
      });
    }
    const settings: Settings = {
      ...settingsFrom(env),
      brokers: brokers.split(','),
      kafkaAuth: 'iam',
      registryUrl: `glue:${names.registry}`,
      redisUrl: `rediss://${names.cacheUser}@${place.cache}`,
      redisAuth: 'iam',
      redisCacheName: names.cache,
      redisMode: 'cluster',
      bucket: place.bucket,
    };
    return { settings, region };
  } catch (error) {
    throw failureOf(error, name);
  } finally {
    ssm.destroy();
    kafka.destroy();
  }
};

const SIGN_IN = 'Sign in (aws sso login, or AWS_ACCESS_KEY_ID and its secret) and say where: AWS_PROFILE, AWS_REGION';

const failureOf = (error: unknown, name: EnvironmentName): StreamError => {
  if (error instanceof StreamError) return error;
  const said = messageOf(error);
  const kind = error instanceof Error ? error.name : '';
  if (/Credentials|Token(Provider|Refresh)|ExpiredToken|UnrecognizedClient/.test(kind)) {
    return new StreamError('PREREQUISITE_MISSING', `There are no AWS credentials that are good for ${name}: ${said}`, {
      next: SIGN_IN,
      cause: error,
    });
  }
  if (said.includes('Region is missing')) {
    return new StreamError('PREREQUISITE_MISSING', `In which region ${name} is, nobody has said.`, {
      next: SIGN_IN,
      cause: error,
    });
  }
  if (/AccessDenied|Forbidden|NotAuthorized/.test(kind)) {
    return new StreamError('REFUSED', `AWS does not let these credentials read where ${name} is: ${said}`, {
      next: `They need ssm:GetParameters on /qr/${name}/* and kafka:GetBootstrapBrokers`,
      cause: error,
    });
  }
  return new TransientError('SERVICE_FAILED', `AWS does not tell where ${name} is: ${kind} ${said}`, { cause: error });
};
