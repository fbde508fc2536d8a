import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StreamError } from '../../errors.ts';
import { damageOf } from '../kafka-data/damage.ts';
import { kafka as probe } from '../probes.ts';
import { run } from '../run.ts';
import { JAVA_LOCALE, javaFlags, QUICK_START } from './java.ts';
import { type BrokerCount, MORE_BROKERS, type NativePlace, type NativeRecipe, type Service } from './service.ts';

/** Of both engines. */
export const KAFKA_VERSION = '4.4.0';

/** Which of the brokers of a stack. */
type BrokerNumber = 1 | 2 | 3;

const NUMBERS: readonly BrokerNumber[] = [1, 2, 3];

/** What each broker listens on: for clients and other brokers, and as a controller. */
const LISTENS = {
  1: ['kafka', 'kafka-controller'],
  2: ['kafka-2', 'kafka-controller-2'],
  3: ['kafka-3', 'kafka-controller-3'],
} as const;

/** Settings of a broker that is alone, wherever it runs. Names as in Kafka's documentation, "Broker Configs". */
const ALONE = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  // A consumer gets its partitions at once; there is nobody to wait for.
  'group.initial.rebalance.delay.ms': '0',
  'auto.create.topics.enable': 'false',
  // The default of 128 MB would be half of the heap.
  'log.cleaner.dedupe.buffer.size': '16777216',
} as const;

/** 16 bytes in Base64 name a cluster; a local one may always have the same name. */
const CLUSTER_ID = 'cXItc3RyZWFtcy1sb2NhbA';

/** What is other where there are several: as in Amazon MSK over three zones, with the environments' own replication. */
const TOGETHER: Readonly<Record<BrokerCount, Readonly<Record<string, string>>>> = {
  1: {},
  3: {
    'default.replication.factor': '3',
    'min.insync.replicas': '2',
    'offsets.topic.replication.factor': '3',
    'transaction.state.log.replication.factor': '3',
    'transaction.state.log.min.isr': '2',
    'share.coordinator.state.topic.replication.factor': '3',
    'share.coordinator.state.topic.min.isr': '2',
  },
};

/**
 * Seen from the broker's working directory, which is its data folder: Kafka takes this setting for a list with commas, and a
 * properties file for Latin-1 with escapes, so that a folder's whole name would be another one there.
 */
const LOGS = 'logs';
const PROPERTIES = 'server.properties';

const properties = (number: BrokerNumber, { ports, brokers = 1 }: NativePlace): string => {
  const [clients, controller] = LISTENS[number];
  const voters = NUMBERS.slice(0, brokers).map((one) => `${one}@127.0.0.1:${ports[LISTENS[one][1]]}`);
  return Object.entries({
    ...ALONE,
    ...TOGETHER[brokers],
    'node.id': String(number),
    'controller.quorum.voters': voters.join(','),
    listeners: `PLAINTEXT://127.0.0.1:${ports[clients]},CONTROLLER://127.0.0.1:${ports[controller]}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports[clients]}`,
    'log.dirs': LOGS,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
};

/** The jars by name: the class path must be the same at each start for the shared archive to be used. */
const classPath = async (folder: string): Promise<string> => {
  const jars = (await readdir(folder)).filter((name) => name.endsWith('.jar')).sort();
  return jars.map((jar) => join(folder, jar)).join(':');
};

/**
 * Asks for the API versions in 14 bytes, and expects the first ten of an answer (Kafka's protocol, ApiVersions version 0).
 * The tools in the image would start a Java machine for it, again and again.
 */
const API_VERSIONS =
  `bash -c 'exec 3<>/dev/tcp/localhost/19092 && ` +
  String.raw`printf "\0\0\0\012\0\022\0\0\0\0\0\001\377\377" >&3 && ` +
  `head -c 10 <&3 | wc -c | grep -q 10'`;

const recipeOf = (number: BrokerNumber): NativeRecipe => ({
  packages: ['kafka'],
  isJava: true,
  damage: async (data, hadData) => {
    const logs = join(data, 'logs');
    if (hadData && !existsSync(logs)) return 'it is empty';
    return damageOf(logs);
  },
  lastWords: [
    [/InconsistentClusterId|CorruptRecordException|Found a corrupted/, 'a log or its properties are damaged'],
  ],
  prepare: async (place) => {
    await writeFile(join(place.data, PROPERTIES), properties(number, place));
    if (existsSync(join(place.data, LOGS, 'meta.properties'))) return;
    const jars = await classPath(place.packageFolder('kafka'));
    const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', PROPERTIES, '--ignore-formatted'];
    const { code, output } = await run('java', ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', jars, ...format], {
      cwd: place.data,
      env: { ...process.env, ...JAVA_LOCALE },
    });
    if (code !== 0) throw new StreamError('SERVICE_FAILED', `Kafka’s storage could not be formatted: ${output.trim()}`);
  },
  command: async ({ packageFolder }) => ({
    program: 'java',
    args: [
      '-Xms256m',
      '-Xmx512m',
      ...(await javaFlags(packageFolder('kafka'))),
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-cp',
      await classPath(packageFolder('kafka')),
      'kafka.Kafka',
      PROPERTIES,
    ],
  }),
});

export const kafka: Service = {
  name: 'kafka',
  title: 'Kafka',
  container: 'qr-kafka',
  listens: LISTENS[1],
  endpoint: (port) => `localhost:${port}`,
  probe,
  native: recipeOf(1),
  docker: {
    // Tag as in Apache Kafka's documentation of 4.4, https://kafka.apache.org/44/getting-started/docker/.
    image: `apache/kafka:${KAFKA_VERSION}`,
    environment: {
      // The image takes every broker setting as a variable: KAFKA_ and the name in capitals with underscores.
      ...Object.fromEntries(
        Object.entries(ALONE).map(([name, value]) => [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`, value]),
      ),
      CLUSTER_ID,
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_LISTENERS: 'PLAINTEXT://:19092,HOST://:9092,CONTROLLER://:9093',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,HOST:PLAINTEXT,CONTROLLER:PLAINTEXT',
      // Containers beside it say qr-kafka:19092, the laptop 127.0.0.1 and the published port.
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://qr-kafka:19092,HOST://127.0.0.1:\${QR_PORT_KAFKA:-9092}`,
      KAFKA_LOG_DIRS: '/var/lib/kafka/data',
      KAFKA_HEAP_OPTS: '-Xms256m -Xmx512m',
      KAFKA_JVM_PERFORMANCE_OPTS: QUICK_START.join(' '),
    },
    port: 9092,
    // The image gives this folder to its user, and so does a fresh volume over it (docker/jvm/Dockerfile in apache/kafka).
    volume: '/var/lib/kafka/data',
    scratch: ['/etc/kafka/secrets', '/mnt/shared/config'],
    healthCheck: API_VERSIONS,
    memory: '1g',
  },
};

/** Another broker of a stack with three. In Docker there is one: a second laptop's worth of containers shows nothing more. */
const another = (number: 2 | 3): Service => ({
  name: `kafka-${number}`,
  extra: MORE_BROKERS,
  title: `Kafka, broker ${number}`,
  container: `qr-kafka-${number}`,
  listens: LISTENS[number],
  endpoint: (port) => `localhost:${port}`,
  probe,
  native: recipeOf(number),
});

export const kafka2 = another(2);
export const kafka3 = another(3);
