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
  /** `QR_EMAIL_SENDER`: what e-mails come from, `name@domain`; SES must know it as a verified identity. */
  readonly emailSender: string;
  /** `QR_APP_URL`: base of the links in what users are told. */
  readonly appUrl: string;
  /** `QR_LINK_SECRET`: signs unsubscribe links. Undefined: messages that need such a link wait until it is there. */
  readonly linkSecret: string | undefined;
  /**
   * `QR_WEBHOOK_ALLOWED`: hosts (`name` or `name:port`), comma separated, that webhooks reach over http and on private
   * addresses as well. For a receiver on a laptop or in a test; empty in AWS.
   */
  readonly webhookAllowed: readonly string[];
}

/** @param env the environment to read, `process.env` unless a test says otherwise */
export const settingsFrom = (env: NodeJS.ProcessEnv = process.env): Settings => ({
  brokers: listOf(env.KAFKA_BROKERS ?? 'localhost:9092'),
  registryUrl: env.SCHEMA_REGISTRY_URL ?? 'http://localhost:8081/apis/ccompat/v7',
  redisUrl: env.REDIS_URL ?? 'redis://localhost:6379',
  bucket: env.QR_BUCKET ?? 'qr-saas',
  awsEndpoint: env.AWS_ENDPOINT_URL,
  emailSender: env.QR_EMAIL_SENDER ?? 'no-reply@qr-saas.example',
  appUrl: env.QR_APP_URL ?? 'https://app.qr-saas.example',
  linkSecret: env.QR_LINK_SECRET,
  webhookAllowed: listOf(env.QR_WEBHOOK_ALLOWED ?? ''),
});

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** The variables that {@link settingsFrom} reads, for a process that is to find the same components. */
export const environmentOf = (settings: Settings): Readonly<Record<string, string>> => ({
  KAFKA_BROKERS: settings.brokers.join(','),
  SCHEMA_REGISTRY_URL: settings.registryUrl,
  REDIS_URL: settings.redisUrl,
  QR_BUCKET: settings.bucket,
  ...(settings.awsEndpoint === undefined ? {} : { AWS_ENDPOINT_URL: settings.awsEndpoint }),
  QR_EMAIL_SENDER: settings.emailSender,
  QR_APP_URL: settings.appUrl,
  ...(settings.linkSecret === undefined ? {} : { QR_LINK_SECRET: settings.linkSecret }),
  QR_WEBHOOK_ALLOWED: settings.webhookAllowed.join(','),
});
