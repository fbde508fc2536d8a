import { http } from '../probes.ts';
import type { Service } from './service.ts';

/** In Docker only: it is in no package registry. Natively the console page has its port. */
export const kafkaUi: Service = {
  name: 'kafka-ui',
  title: 'Kafka UI',
  container: 'qr-kafka-ui',
  needs: ['kafka', 'schema-registry'],
  listens: ['kafka-ui'],
  endpoint: (port) => `http://localhost:${port}`,
  probe: http('/actuator/health'),
  docker: {
    // Name, tag and variables as in kafbat/kafka-ui, README.md and documentation/compose.
    image: 'kafbat/kafka-ui:v1.5.0',
    environment: {
      KAFKA_CLUSTERS_0_NAME: 'qr-streams',
      KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: 'qr-kafka:19092',
      KAFKA_CLUSTERS_0_SCHEMAREGISTRY: 'http://qr-schema-registry:8080/apis/ccompat/v7',
      // Without `--with connect` it says that there is none.
      KAFKA_CLUSTERS_0_KAFKACONNECT_0_NAME: 'qr-kafka-connect',
      KAFKA_CLUSTERS_0_KAFKACONNECT_0_ADDRESS: 'http://qr-kafka-connect:8083',
      JAVA_OPTS: '-Xmx256m -XX:TieredStopAtLevel=1',
    },
    port: 8080,
    healthCheck: 'wget -q -O /dev/null http://localhost:8080/actuator/health',
    memory: '768m',
  },
};
