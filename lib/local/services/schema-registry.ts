import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { http } from '../probes.ts';
import { javaFlags } from './java.ts';
import type { Service } from './service.ts';

/** Of both engines. */
export const APICURIO_VERSION = '2.6.13.Final';

/** Base of the registry's Confluent-compatible API. */
export const registryUrl = (port: number, host = 'localhost'): string => `http://${host}:${port}/apis/ccompat/v7`;

/** The "mem" flavour of Apicurio keeps its data in H2, which takes a file as well: ids survive. */
const h2 = (folder: string): Readonly<Record<string, string>> => ({
  'quarkus.datasource.jdbc.url': `jdbc:h2:file:${folder}/registry;DB_CLOSE_ON_EXIT=FALSE`,
  'registry.datasource.url': `jdbc:h2:file:${folder}/registry`,
});

/** The variable that Quarkus reads for a setting (MicroProfile Config, "Environment Variables Mapping Rules"). */
const variableOf = (setting: string): string => setting.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');

export const schemaRegistry: Service = {
  name: 'schema-registry',
  title: 'Schema registry',
  container: 'qr-schema-registry',
  listens: ['schema-registry'],
  endpoint: (port) => registryUrl(port),
  probe: http('/apis/ccompat/v7/subjects'),
  native: {
    damage: async (data, hadData) =>
      hadData && !existsSync(join(data, 'registry.mv.db')) ? 'registry.mv.db is missing' : undefined,
    lastWords: [[/MVStoreException|File corrupted|Chunk \d+ not found/, 'registry.mv.db cannot be read']],
    packages: ['apicurio-registry'],
    isJava: true,
    command: async ({ packageFolder, ports }) => ({
      program: 'java',
      args: [
        '-Xmx256m',
        ...(await javaFlags(packageFolder('apicurio-registry'))),
        '-Dquarkus.http.host=127.0.0.1',
        `-Dquarkus.http.port=${ports['schema-registry']}`,
        // Its working directory is its data folder, whose name may have what an address gives a meaning to.
        ...Object.entries(h2('.')).map(([name, value]) => `-D${name}=${value}`),
        '-jar',
        join(packageFolder('apicurio-registry'), `apicurio-registry-app-${APICURIO_VERSION}-runner.jar`),
      ],
    }),
  },
  docker: {
    // The release of this name is tagged in Apicurio/apicurio-registry, whose .github/workflows/release-images.yaml
    // publishes the images under the release's name.
    image: `apicurio/apicurio-registry-mem:${APICURIO_VERSION}`,
    // The image runs as user 1001 and has no folder to keep data in (distro/docker/src/main/docker/Dockerfile.jvm); the
    // one that Docker makes for the volume belongs to root, and only root can write to it.
    user: '0:0',
    environment: {
      ...Object.fromEntries(Object.entries(h2('/data')).map(([name, value]) => [variableOf(name), value])),
      // Starts sooner. The image's script chooses the collector, so this does not.
      JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1',
    },
    port: 8080,
    volume: '/data',
    healthCheck: 'curl -fs http://localhost:8080/apis/ccompat/v7/subjects',
    memory: '768m',
  },
};
