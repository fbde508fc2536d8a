import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONNECT_TOPICS } from '../../catalog/index.ts';
import { DATABASE } from '../database.ts';
import { connectors, http } from '../probes.ts';
import { javaFlags, QUICK_START } from './java.ts';
import { CONNECT_PLUGIN } from './java-project.ts';
import { searchUrl } from './search.ts';
import type { NativePlace, Service } from './service.ts';

/** Of the native engine: the newest that Maven Central has. */
export const CONNECT_VERSION = '4.3.1';

/** Of both engines: the connectors from and to PostgreSQL. */
export const DEBEZIUM_VERSION = '3.6.0.Final';

/** Base of a worker's REST API. */
export const connectUrl = (port: number, host = 'localhost'): string => `http://${host}:${port}`;

/** Settings of a worker that is alone, wherever it runs. Names as in Kafka's documentation, "Kafka Connect Configs". */
const ALONE = {
  'group.id': 'connect-cluster',
  // Connect makes the three topics itself, compacted.
  'config.storage.topic': CONNECT_TOPICS.configs,
  'config.storage.replication.factor': '1',
  'offset.storage.topic': CONNECT_TOPICS.offsets,
  'offset.storage.replication.factor': '1',
  'offset.storage.partitions': '5',
  'status.storage.topic': CONNECT_TOPICS.status,
  'status.storage.replication.factor': '1',
  'status.storage.partitions': '1',
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'offset.flush.interval.ms': '5000',
  // A worker that was killed and is back gets its tasks at once; the default waits five minutes for another one.
  'scheduled.rebalance.max.delay.ms': '0',
  // It is started beside the broker, and ends when that is not there in time: on a busy machine a minute is too little.
  'default.api.timeout.ms': '120000',
  // The least the broker takes: so long a killed worker is still counted as a member.
  'session.timeout.ms': '6000',
  'heartbeat.interval.ms': '2000',
  // The consumers of sinks as well: one that was killed holds its partitions so long, 45 seconds by default.
  'consumer.session.timeout.ms': '6000',
  'consumer.heartbeat.interval.ms': '2000',
  // Configurations say ${env:QR_CONNECT_...}; only those variables are given out, and their values never leave the worker.
  'config.providers': 'env',
  'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
  'config.providers.env.param.allowlist.pattern': 'QR_CONNECT_.*',
} as const;

/** Where the configurations under connect/ find what they connect. */
const variables = (
  database: string,
  databasePort: number,
  registry: string,
  search: string,
): Readonly<Record<string, string>> => ({
  QR_CONNECT_DATABASE_HOST: database,
  QR_CONNECT_DATABASE_PORT: String(databasePort),
  QR_CONNECT_DATABASE_NAME: DATABASE.name,
  QR_CONNECT_DATABASE_USER: DATABASE.user,
  QR_CONNECT_DATABASE_PASSWORD: DATABASE.password,
  QR_CONNECT_REGISTRY_URL: `${registry}/apis/registry/v2`,
  QR_CONNECT_SEARCH_URL: search,
});

const properties = ({ ports, packageFolder }: NativePlace): string =>
  Object.entries({
    ...ALONE,
    'bootstrap.servers': `127.0.0.1:${ports.kafka}`,
    listeners: `http://127.0.0.1:${ports.connect}`,
    'rest.advertised.host.name': '127.0.0.1',
    'rest.advertised.port': String(ports.connect),
    // Each folder in these is a plugin.
    'plugin.path': [packageFolder('debezium'), packageFolder('connect-plugin')].join(','),
    // Plugins are found by their service files alone: looking through every class takes seconds.
    'plugin.discovery': 'service_load',
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** The jars by name: the class path must be the same at each start for the shared archive to be used. */
const classPath = async (folder: string): Promise<string> => {
  const jars = (await readdir(folder)).filter((name) => name.endsWith('.jar')).sort();
  return jars.map((jar) => join(folder, jar)).join(':');
};

export const connect: Service = {
  name: 'connect',
  extra: 'connect',
  needs: ['kafka', 'schema-registry', 'postgres', 'search'],
  title: 'Kafka Connect',
  container: 'qr-kafka-connect',
  listens: ['connect'],
  endpoint: (port) => connectUrl(port),
  // Answers with 200 once the worker has read its topics and is in its group (KIP-1017).
  probe: http('/health'),
  health: connectors,
  native: {
    packages: ['connect', 'debezium', 'connect-plugin'],
    isJava: true,
    trainsBeside: ['kafka'],
    prepare: (place) => writeFile(join(place.data, 'worker.properties'), properties(place)),
    command: async ({ packageFolder, ports }) => ({
      program: 'java',
      args: [
        '-Xms64m',
        '-Xmx384m',
        ...(await javaFlags(packageFolder('connect'))),
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
        '-Dorg.slf4j.simpleLogger.showDateTime=true',
        '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss',
        '-cp',
        await classPath(packageFolder('connect')),
        'org.apache.kafka.connect.cli.ConnectDistributed',
        'worker.properties',
      ],
      env: variables(
        '127.0.0.1',
        ports.postgres,
        `http://127.0.0.1:${ports['schema-registry']}`,
        searchUrl(ports.search, '127.0.0.1'),
      ),
    }),
  },
  docker: {
    // Debezium's image with our plugin, made by the project's Dockerfile.
    image: `qr-streams/connect:${DEBEZIUM_VERSION}-${CONNECT_PLUGIN.version}`,
    build: CONNECT_PLUGIN.project,
    environment: {
      // The image's entry takes every setting of a worker as a variable: CONNECT_ and the name in capitals with underscores;
      // group and topics have variables of their own (connect-base/3.6/docker-entrypoint.sh).
      ...Object.fromEntries(
        Object.entries(ALONE).map(([name, value]) => [`CONNECT_${name.toUpperCase().replaceAll('.', '_')}`, value]),
      ),
      GROUP_ID: ALONE['group.id'],
      CONFIG_STORAGE_TOPIC: ALONE['config.storage.topic'],
      OFFSET_STORAGE_TOPIC: ALONE['offset.storage.topic'],
      STATUS_STORAGE_TOPIC: ALONE['status.storage.topic'],
      OFFSET_FLUSH_INTERVAL_MS: ALONE['offset.flush.interval.ms'],
      BOOTSTRAP_SERVERS: 'qr-kafka:19092',
      HEAP_OPTS: '-Xms64m -Xmx384m',
      KAFKA_JVM_PERFORMANCE_OPTS: QUICK_START.join(' '),
      ...variables('qr-postgres', 5432, 'http://qr-schema-registry:8080', 'http://qr-opensearch:9200'),
    },
    port: 8083,
    // A worker keeps everything in Kafka; the image declares three volumes all the same.
    volume: '/kafka/data',
    // The image's user, whom its entry writes to them as.
    scratch: ['/kafka/logs:uid=1001', '/kafka/config:uid=1001'],
    healthCheck: 'curl -fs http://localhost:8083/health',
    memory: '1g',
  },
};
