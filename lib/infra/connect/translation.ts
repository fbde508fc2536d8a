import type { ConnectPlace } from '../../catalog/index.ts';
import { StreamError } from '../../errors.ts';
import { CLIENT_PROPERTIES } from './limits.ts';
import type { ConnectorFile } from './sources.ts';

type Properties = Readonly<Record<string, string>>;

/** What a connector is connected with, beside Kafka. */
export type Connected = 'database' | 'search' | 'schemas';

/** A connector as MSK Connect takes it. */
export interface Translated {
  readonly configuration: Properties;
  /** What the worker has to know for it. */
  readonly worker: Properties;
  readonly uses: ReadonlySet<Connected>;
  readonly kind: 'source' | 'sink';
  /** Topics a sink reads. */
  readonly reads: readonly string[];
  /** The topic of its dead letters. */
  readonly letters?: string;
  /** The topic that a source makes for its heartbeats. */
  readonly heartbeats?: string;
}

export interface TranslationGiven {
  /** Of the connector in the account. */
  readonly connectorName: string;
  readonly region: string;
  readonly place: Omit<ConnectPlace, 'connectors'>;
}

/** A field of a secret, which the worker's provider of that name fills in (connect/aws, SecretsManagerConfigProvider). */
const placeholder = (provider: 'database' | 'search', field: string): string => `\${${provider}:${field}}`;

/** Placeholders of a laptop's worker (lib/local/services/connect.ts) by what stands for them here. */
const VARIABLES: Readonly<
  Record<string, { readonly of: 'database' | 'search'; readonly value: (place: TranslationGiven['place']) => unknown }>
> = {
  QR_CONNECT_DATABASE_HOST: { of: 'database', value: ({ database }) => database?.host },
  QR_CONNECT_DATABASE_PORT: { of: 'database', value: ({ database }) => database?.port },
  QR_CONNECT_DATABASE_NAME: { of: 'database', value: ({ database }) => database?.name },
  QR_CONNECT_DATABASE_USER: {
    of: 'database',
    value: ({ database }) => database && placeholder('database', 'username'),
  },
  QR_CONNECT_DATABASE_PASSWORD: {
    of: 'database',
    value: ({ database }) => database && placeholder('database', 'password'),
  },
  QR_CONNECT_SEARCH_URL: { of: 'search', value: ({ search }) => search?.url },
};

const VARIABLE = /\$\{env:(\w+)\}/g;

/** The setting that says where Apicurio is; Glue takes its place. */
const APICURIO = 'apicurio.registry.url';

const PROVIDER = 'io.qrsaas.connect.aws.SecretsManagerConfigProvider';

const OVERRIDE = /^(consumer|producer)\.override\./;

/** What a connector has to be told in AWS alone: RDS is spoken to over TLS, and the search server asks who it is. */
const BESIDE: Readonly<Record<string, (config: Properties) => Properties>> = {
  'io.debezium.connector.postgresql.PostgresConnector': () => ({ 'database.sslmode': 'require' }),
  'io.debezium.connector.jdbc.JdbcSinkConnector': ({ 'connection.url': url = '' }) => ({
    'connection.url': `${url}?sslmode=require`,
  }),
  'io.qrsaas.connect.search.SearchSinkConnector': () => ({
    'connection.username': placeholder('search', 'username'),
    'connection.password': placeholder('search', 'password'),
  }),
};

/**
 * Translates a configuration of a laptop to one of MSK Connect, so that none is written twice. A pure function.
 *
 * What differs: placeholders are filled in, or name fields of secrets; schemas come from Glue; settings of Kafka's clients
 * stand in the worker's configuration, because MSK Connect does not say whether connectors may override them.
 *
 * @throws StreamError USAGE when it needs something the environment does not have, or something MSK Connect cannot do
 */
export const translated = (file: ConnectorFile, given: TranslationGiven): Translated => {
  const uses = new Set<Connected>();
  const configuration: Record<string, string> = {};
  const clients: Record<string, string> = {};
  for (const [field, value] of Object.entries(file.config)) {
    if (OVERRIDE.test(field)) clients[clientProperty(file, field)] = value;
    else if (field.endsWith(APICURIO)) {
      uses.add('schemas');
      Object.assign(configuration, glue(field.slice(0, -APICURIO.length), given.region));
    } else configuration[field] = filled(file, value, given.place, uses);
  }
  Object.assign(configuration, BESIDE[file.config['connector.class'] ?? '']?.(configuration));
  const secrets = [...uses].flatMap((use) => (use === 'schemas' ? [] : [use]));
  if (given.place.secretsOf !== undefined && secrets.length > 0) {
    configuration['qr.secrets.of'] = given.place.secretsOf;
  }
  const topics = file.config.topics;
  const letters = file.config['errors.deadletterqueue.topic.name'];
  const prefix = file.config['topic.prefix'];
  const beats = topics === undefined && prefix !== undefined && file.config['heartbeat.interval.ms'] !== undefined;
  return {
    configuration,
    worker: {
      // Of all connectors; each says its own.
      'key.converter': BYTES,
      'value.converter': BYTES,
      // Three of one partition each instead of 31 in all, of those that a broker has limits for.
      'offset.storage.partitions': '1',
      'status.storage.partitions': '1',
      ...(topics === undefined ? ofSource(given) : {}),
      ...clients,
      ...providers(secrets, given),
    },
    uses,
    kind: topics === undefined ? 'source' : 'sink',
    reads: topics?.split(',') ?? [],
    ...(letters === undefined ? {} : { letters }),
    ...(beats ? { heartbeats: `__debezium-heartbeat.${prefix}` } : {}),
  };
};

const BYTES = 'org.apache.kafka.connect.converters.ByteArrayConverter';

const ofSource = ({ connectorName }: TranslationGiven): Properties => ({
  // Its heartbeats have a topic that it makes itself.
  'topic.creation.enable': 'true',
  // One that is made again under its name goes on where it was ("Manage source connector offsets").
  'offset.storage.topic': `__amazon_msk_connect_offsets_${connectorName}_kept`,
});

const glue = (prefix: string, region: string): Properties => ({
  [`${prefix}delegate.converter.type`]: 'io.qrsaas.connect.aws.GlueAvroConverter',
  [`${prefix}aws.region`]: region,
});

const clientProperty = ({ name }: ConnectorFile, field: string): string => {
  const property = field.replace('.override.', '.');
  if (CLIENT_PROPERTIES.has(property)) return property;
  throw new StreamError('USAGE', `connect/${name}.json sets ${field}, which MSK Connect cannot.`, {
    next: 'lib/infra/connect/limits.ts has what it can; leave the connector out of the environment’s `connect` otherwise',
  });
};

const filled = (
  { name }: ConnectorFile,
  value: string,
  place: TranslationGiven['place'],
  uses: Set<Connected>,
): string =>
  value.replaceAll(VARIABLE, (_, variable: string) => {
    const known = VARIABLES[variable];
    if (known === undefined) {
      throw new StreamError('USAGE', `connect/${name}.json needs ${variable}, and nothing in AWS stands for it.`, {
        next: 'Add it to VARIABLES in lib/infra/connect/translation.ts',
      });
    }
    const found = known.value(place);
    if (found === undefined) {
      throw new StreamError('USAGE', `The connector ${name} needs \`connect.${known.of}\` of the environment.`, {
        next: 'Say in lib/catalog/environments.ts where it is, or leave the connector out',
      });
    }
    uses.add(known.of);
    return String(found);
  });

/** One provider for each secret, which knows that secret only. */
const providers = (secrets: readonly ('database' | 'search')[], { place, region }: TranslationGiven): Properties =>
  secrets.length === 0
    ? {}
    : {
        'config.providers': secrets.join(','),
        ...Object.assign(
          {},
          ...secrets.map((secret) => ({
            [`config.providers.${secret}.class`]: PROVIDER,
            [`config.providers.${secret}.param.secret.id`]: place[secret]?.secretArn ?? '',
            [`config.providers.${secret}.param.aws.region`]: region,
          })),
        ),
      };
