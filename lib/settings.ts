/**
 * Where the components are, read once from the environment. Functions get these variables from CDK in AWS and from the
 * local function host on a laptop; the command line fills them from the stack it manages.
 */
export interface Settings {
  /** `KAFKA_BROKERS`, comma separated. */
  readonly brokers: readonly string[];
  /** `SCHEMA_REGISTRY_URL`: base of a Confluent-compatible API. */
  readonly registryUrl: string;
  /** `REDIS_URL`. */
  readonly redisUrl: string;
  /** `QR_BUCKET`: the bucket that holds batches, templates and results. */
  readonly bucket: string;
  /** `AWS_ENDPOINT_URL`: set only where an emulator stands in for AWS. The SDK reads it by itself. */
  readonly awsEndpoint: string | undefined;
  /** `QR_OPERATOR_USER_ID`: who is told when dead letters gather. */
  readonly operatorUserId: string;
}

/** The operator where none is named: nobody's account, so that the notification is only kept. */
export const OPERATOR = 'operator';

/** @param env the environment to read, `process.env` unless a test says otherwise */
export const settingsFrom = (env: NodeJS.ProcessEnv = process.env): Settings => ({
  brokers: (env.KAFKA_BROKERS ?? 'localhost:9092').split(',').map((broker) => broker.trim()),
  registryUrl: env.SCHEMA_REGISTRY_URL ?? 'http://localhost:8081/apis/ccompat/v7',
  redisUrl: env.REDIS_URL ?? 'redis://localhost:6379',
  bucket: env.QR_BUCKET ?? 'qr-saas',
  awsEndpoint: env.AWS_ENDPOINT_URL,
  operatorUserId: env.QR_OPERATOR_USER_ID ?? OPERATOR,
});

/** The variables that {@link settingsFrom} reads, for a process that is to find the same components. */
export const environmentOf = (settings: Settings): Readonly<Record<string, string>> => ({
  KAFKA_BROKERS: settings.brokers.join(','),
  SCHEMA_REGISTRY_URL: settings.registryUrl,
  REDIS_URL: settings.redisUrl,
  QR_BUCKET: settings.bucket,
  QR_OPERATOR_USER_ID: settings.operatorUserId,
  ...(settings.awsEndpoint === undefined ? {} : { AWS_ENDPOINT_URL: settings.awsEndpoint }),
});
