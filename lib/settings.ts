/**
 * Where the components are, read once from the environment. Functions get these variables from CDK in AWS and from the
 * local function host on a laptop; the command line fills them from the stack it manages.
 */
export interface Settings {
  /** `KAFKA_BROKERS`, comma separated. */
  readonly brokers: readonly string[];
  /** `KAFKA_AUTH`: how clients say who they are: not at all unless given; `iam` is Amazon MSK's way, over TLS. */
  readonly kafkaAuth?: 'iam' | undefined;
  /** `SCHEMA_REGISTRY_URL`: base of a Confluent-compatible API, or `glue:NAME` for a registry of AWS Glue. */
  readonly registryUrl: string;
  /** `REDIS_URL`: `redis://` or, over TLS, `rediss://`; with the user before the host where one has to say who one is. */
  readonly redisUrl: string;
  /** `REDIS_AUTH`: `iam` is ElastiCache's way: the credentials of the environment sign a token for each connection. */
  readonly redisAuth?: 'iam' | undefined;
  /** `REDIS_CACHE_NAME`: the cache the token is for; needed with `REDIS_AUTH=iam`. */
  readonly redisCacheName?: string | undefined;
  /** `REDIS_MODE`: `cluster` where keys are spread over slots, as in ElastiCache Serverless; one server unless given. */
  readonly redisMode?: 'cluster' | undefined;
  /** `QR_BUCKET`: the bucket that holds batches, templates and results. */
  readonly bucket: string;
  /** `AWS_ENDPOINT_URL`: set only where an emulator stands in for AWS. The SDK reads it by itself. */
  readonly awsEndpoint: string | undefined;
  /** `QR_DNS_SERVERS`: whom to ask for the records of users' domains, `ADDRESS[:PORT]`, comma separated; the system's when empty. */
  readonly dnsServers: readonly string[];
  /** `QR_DOMAIN_TARGET`: the name users' domains are to point to. */
  readonly domainTarget: string;
  /** `QR_EMAIL_SENDER`: what e-mails come from, `name@domain`; SES must know it as a verified identity. */
  readonly emailSender: string;
  /** `QR_APP_URL`: base of the links in what users are told. */
  readonly appUrl: string;
  /** `QR_LINK_SECRET`: signs unsubscribe links. Undefined: messages that need such a link wait until it is there. */
  readonly linkSecret: string | undefined;
  /** `QR_LINK_SECRET_ARN`: the secret of Secrets Manager that holds it, where there is no `QR_LINK_SECRET`. */
  readonly linkSecretArn?: string | undefined;
  /**
   * `QR_WEBHOOK_ALLOWED`: hosts (`name` or `name:port`), comma separated, that webhooks reach over http and on private
   * addresses as well. For a receiver on a laptop or in a test; empty in AWS.
   */
  readonly webhookAllowed: readonly string[];
  /** `QR_OPERATOR_USER_ID`: who is told when dead letters gather. */
  readonly operatorUserId: string;
  /**
   * `QR_HISTORY`: where scans lie that are out of the cache. `database` where there is a `QR_DATABASE_URL`, else `objects`,
   * unless given; only functions that read or delete history need the address as well.
   */
  readonly history: HistoryKind;
  /** `QR_DATABASE_URL`: `postgresql://[user:password@]host:port/database` of the rollup tables. */
  readonly databaseUrl?: string | undefined;
  /** `QR_DATABASE_SECRET_ARN`: the secret with `username` and `password` of the database, where the address has none. */
  readonly databaseSecretArn?: string | undefined;
}

/** Where an environment keeps its history: in the tables of PostgreSQL, or in objects where it has none. */
export const HISTORY_KINDS = ['database', 'objects'] as const;

export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** Where Redis is, and how it wants to be spoken to. */
export type RedisSettings = Pick<Settings, 'redisUrl' | 'redisAuth' | 'redisCacheName' | 'redisMode'>;

/** The operator where none is named: nobody's account, so that the notification is only kept. */
export const OPERATOR = 'operator';

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** @param env the environment to read, `process.env` unless a test says otherwise */
export const settingsFrom = (env: NodeJS.ProcessEnv = process.env): Settings => ({
  brokers: listOf(env.KAFKA_BROKERS ?? 'localhost:9092'),
  kafkaAuth: env.KAFKA_AUTH === 'iam' ? 'iam' : undefined,
  registryUrl: env.SCHEMA_REGISTRY_URL ?? 'http://localhost:8081/apis/ccompat/v7',
  redisUrl: env.REDIS_URL ?? 'redis://localhost:6379',
  redisAuth: env.REDIS_AUTH === 'iam' ? 'iam' : undefined,
  redisCacheName: env.REDIS_CACHE_NAME,
  redisMode: env.REDIS_MODE === 'cluster' ? 'cluster' : undefined,
  bucket: env.QR_BUCKET ?? 'qr-saas',
  awsEndpoint: env.AWS_ENDPOINT_URL,
  dnsServers: listOf(env.QR_DNS_SERVERS ?? ''),
  domainTarget: env.QR_DOMAIN_TARGET ?? 'domains.qr-saas.example',
  emailSender: env.QR_EMAIL_SENDER ?? 'no-reply@qr-saas.example',
  appUrl: env.QR_APP_URL ?? 'https://app.qr-saas.example',
  linkSecret: env.QR_LINK_SECRET,
  linkSecretArn: env.QR_LINK_SECRET_ARN,
  webhookAllowed: listOf(env.QR_WEBHOOK_ALLOWED ?? ''),
  operatorUserId: env.QR_OPERATOR_USER_ID ?? OPERATOR,
  history:
    HISTORY_KINDS.find((kind) => kind === env.QR_HISTORY) ??
    (env.QR_DATABASE_URL === undefined ? 'objects' : 'database'),
  databaseUrl: env.QR_DATABASE_URL,
  databaseSecretArn: env.QR_DATABASE_SECRET_ARN,
});

/** The variables that {@link settingsFrom} reads, for a process that is to find the same components. */
export const environmentOf = (settings: Settings): Readonly<Record<string, string>> => ({
  KAFKA_BROKERS: settings.brokers.join(','),
  ...(settings.kafkaAuth === undefined ? {} : { KAFKA_AUTH: settings.kafkaAuth }),
  SCHEMA_REGISTRY_URL: settings.registryUrl,
  REDIS_URL: settings.redisUrl,
  ...(settings.redisAuth === undefined ? {} : { REDIS_AUTH: settings.redisAuth }),
  ...(settings.redisCacheName === undefined ? {} : { REDIS_CACHE_NAME: settings.redisCacheName }),
  ...(settings.redisMode === undefined ? {} : { REDIS_MODE: settings.redisMode }),
  QR_BUCKET: settings.bucket,
  QR_DOMAIN_TARGET: settings.domainTarget,
  ...(settings.dnsServers.length === 0 ? {} : { QR_DNS_SERVERS: settings.dnsServers.join(',') }),
  QR_OPERATOR_USER_ID: settings.operatorUserId,
  QR_HISTORY: settings.history,
  ...(settings.databaseUrl === undefined ? {} : { QR_DATABASE_URL: settings.databaseUrl }),
  ...(settings.databaseSecretArn === undefined ? {} : { QR_DATABASE_SECRET_ARN: settings.databaseSecretArn }),
  ...(settings.awsEndpoint === undefined ? {} : { AWS_ENDPOINT_URL: settings.awsEndpoint }),
  QR_EMAIL_SENDER: settings.emailSender,
  QR_APP_URL: settings.appUrl,
  ...(settings.linkSecret === undefined ? {} : { QR_LINK_SECRET: settings.linkSecret }),
  ...(settings.linkSecretArn === undefined ? {} : { QR_LINK_SECRET_ARN: settings.linkSecretArn }),
  QR_WEBHOOK_ALLOWED: settings.webhookAllowed.join(','),
});
