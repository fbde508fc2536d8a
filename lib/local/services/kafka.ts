import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StreamError } from '../../errors.ts';
import { kafka as probe } from '../probes.ts';
import { run } from '../run.ts';
import { javaFlags, QUICK_START } from './java.ts';
import type { NativePlace, Service } from './service.ts';

/** Of both engines. */
export const KAFKA_VERSION = '4.4.0';

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

const properties = ({ ports, data }: NativePlace): string =>
  Object.entries({
    ...ALONE,
    'controller.quorum.voters': `1@127.0.0.1:${ports['kafka-controller']}`,
    listeners: `PLAINTEXT://127.0.0.1:${ports.kafka},CONTROLLER://127.0.0.1:${ports['kafka-controller']}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports.kafka}`,
    'log.dirs': join(data, 'logs'),
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

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

export const kafka: Service = {
  name: 'kafka',
  title: 'Kafka',
  container: 'qr-kafka',
  listens: ['kafka', 'kafka-controller'],
  endpoint: (port) => `localhost:${port}`,
  probe,
  native: {
    packages: ['kafka'],
    isJava: true,
    prepare: async (place) => {
      const file = join(place.data, 'server.properties');
      await writeFile(file, properties(place));
      if (existsSync(join(place.data, 'logs', 'meta.properties'))) return;
      const jars = await classPath(place.packageFolder('kafka'));
      const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', file, '--ignore-formatted'];
      const { code, output } = await run('java', ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', jars, ...format]);
      if (code !== 0)
        throw new StreamError('SERVICE_FAILED', `Kafka’s storage could not be formatted: ${output.trim()}`);
    },
    command: async ({ packageFolder, data }) => ({
      program: 'java',
      args: [
        '-Xms256m',
        '-Xmx512m',
        ...(await javaFlags(packageFolder('kafka'))),
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
        '-cp',
        await classPath(packageFolder('kafka')),
        'kafka.Kafka',
        join(data, 'server.properties'),
      ],
    }),
  },
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
