import { MINISTACK_VERSION } from '../services/aws.ts';
import { KAFKA_VERSION } from '../services/kafka.ts';
import { APICURIO_VERSION } from '../services/schema-registry.ts';
import type { Package } from './package.ts';

/** Carries Redis 6.2 binaries for Linux and macOS. */
const EMBEDDED_REDIS_VERSION = '1.4.3';

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
];
