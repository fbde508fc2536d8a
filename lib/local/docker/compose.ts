import { relative } from 'node:path';
import { Document } from 'yaml';
import { PROJECT_ROOT } from '../../functions/root.ts';
import { PORTS } from '../ports.ts';
import { type DockerService, isDocker, SERVICES, type Service } from '../services/index.ts';

/** Project, and network in which the containers find each other by their names. */
const NETWORK = 'qr-streams';

const HEADER = ` Made from lib/local/services by \`npm run generate\`. Do not edit.
 \`./stream-manager.sh start --engine docker\` runs it, and makes topics, schemas, the bucket and functions as well.
 \`docker compose up --detach --wait\` runs the services alone; with \`--profile connect\` before \`up\` the optional ones too.`;

/**
 * The text of docker-compose.yml, made from the service list. Everything in which two stacks differ (names, ports) is a
 * variable with a default.
 */
export const composeFile = (): string => {
  const services = SERVICES.filter(isDocker);
  const content = {
    name: `\${QR_PROJECT:-${NETWORK}}`,
    services: Object.fromEntries(services.map((service) => [service.name, entryOf(service)])),
    networks: { default: { name: `\${QR_PROJECT:-${NETWORK}}` } },
    volumes: Object.fromEntries(
      services.flatMap(({ name, docker }) => (docker.volume === undefined ? [] : [[volumeOf(name), {}]])),
    ),
  };
  // Quotes what an older reader would take for something else than text: `yes`, `0:0`.
  const document = new Document(content, { compat: 'yaml-1.1' });
  document.commentBefore = HEADER;
  return document.toString({ lineWidth: 0 });
};

const volumeOf = (name: Service['name']): string => `${name}-data`;

const entryOf = ({ name, extra, needs, container, docker }: DockerService) => {
  const { port, variable } = PORTS[name];
  const { image, build, user, command, environment, volume, scratch, healthCheck, memory } = docker;
  return {
    image,
    ...(build === undefined ? {} : { build: `./${relative(PROJECT_ROOT, build)}` }),
    ...(extra === undefined ? {} : { profiles: [extra] }),
    // Their names are known once they are started; a worker that cannot find its broker's name ends.
    ...(needs === undefined ? {} : { depends_on: needs }),
    // A second stack beside the first one gives its containers a suffix.
    container_name: `${container}\${QR_NAME_SUFFIX:-}`,
    // Others on the network find it by this name, whatever the container is called.
    hostname: container,
    networks: { default: { aliases: [container] } },
    ...(user === undefined ? {} : { user }),
    ...(command === undefined ? {} : { command }),
    ...(environment === undefined ? {} : { environment }),
    ports: [`127.0.0.1:\${${variable}:-${port}}:${docker.port}`],
    ...(volume === undefined ? {} : { volumes: [`${volumeOf(name)}:${volume}`] }),
    ...(scratch === undefined ? {} : { tmpfs: scratch }),
    healthcheck: {
      // Compose takes `$` for one of its own variables.
      test: ['CMD-SHELL', healthCheck.replaceAll('$', '$$$$')],
      interval: '5s',
      timeout: '5s',
      retries: 6,
      start_period: '60s',
    },
    mem_limit: memory,
    stop_grace_period: '5s',
    // The driver that Docker recommends: it rotates, where the default one fills the disk.
    logging: { driver: 'local', options: { 'max-size': '10m', 'max-file': '2' } },
  };
};
