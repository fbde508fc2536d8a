import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { http } from '../probes.ts';
import { javaFlags } from './java.ts';
import type { Service } from './service.ts';

/** Of both engines; lib/local/search-server/pom.xml says it too. */
export const OPENSEARCH_VERSION = '2.19.1';

/** Folder of the jars in the package. */
export const SERVER_FOLDER = 'server';

/** Base of the server's REST API. */
export const searchUrl = (port: number, host = 'localhost'): string => `http://${host}:${port}`;

/** The settings of lib/local/search-server that the image does not have by itself. */
const ALONE = {
  'discovery.type': 'single-node',
  // A laptop's disk is fuller than a server's may be.
  'cluster.routing.allocation.disk.threshold_enabled': 'false',
} as const;

export const search: Service = {
  name: 'search',
  extra: 'connect',
  title: 'OpenSearch',
  container: 'qr-opensearch',
  listens: ['search'],
  endpoint: (port) => searchUrl(port),
  // Answers with 408 while an index is not there yet after a start.
  probe: http('/_cluster/health?wait_for_status=yellow&timeout=1s'),
  native: {
    packages: ['search-server'],
    isJava: true,
    command: async ({ packageFolder, ports }) => {
      const folder = join(packageFolder('search-server'), SERVER_FOLDER);
      return {
        program: 'java',
        args: [
          '-Xms128m',
          '-Xmx256m',
          ...(await javaFlags(packageFolder('search-server'))),
          '-cp',
          // By name: the class path must be the same at each start for the shared archive to be used.
          (await readdir(folder))
            .sort()
            .map((jar) => join(folder, jar))
            .join(':'),
          'io.qrsaas.local.SearchServer',
          '.',
          String(ports.search),
        ],
      };
    },
  },
  docker: {
    // Name and variables as in opensearch-project/documentation-website, install-and-configure/install-opensearch/docker.md.
    image: `opensearchproject/opensearch:${OPENSEARCH_VERSION}`,
    environment: {
      ...ALONE,
      // The image brings plugins that keep what they know in indices of their own.
      'action.auto_create_index': 'audit-*,scans-*,.*,top_queries-*',
      // It listens on the loopback interface only, and has nobody's data.
      DISABLE_SECURITY_PLUGIN: 'true',
      DISABLE_INSTALL_DEMO_CONFIG: 'true',
      OPENSEARCH_JAVA_OPTS: '-Xms256m -Xmx512m',
    },
    port: 9200,
    volume: '/usr/share/opensearch/data',
    healthCheck: "curl -fs 'http://localhost:9200/_cluster/health?wait_for_status=yellow&timeout=1s'",
    memory: '1g',
  },
};
