import { PORTS } from '../ports.ts';
import { SERVICES, type Service } from '../services/index.ts';

/** Project, and network in which the containers find each other by their names. */
const NETWORK = 'qr-streams';

/**
 * The text of docker-compose.yml, made from the service list. It is JSON's subset of YAML in YAML's layout, so that people
 * can read it; everything a stack changes (ports, names) is a variable with a default.
 */
export const composeFile = (): string =>
  [
    '# Made from lib/local/services by `npm run generate`. Do not edit.',
    '# ./stream-manager.sh start --engine docker runs it; `docker compose up -d` does too, without topics and functions.',
    `name: \${QR_PROJECT:-${NETWORK}}`,
    'services:',
    ...SERVICES.flatMap(serviceLines),
    'networks:',
    '  default:',
    `    name: \${QR_PROJECT:-${NETWORK}}`,
    'volumes:',
    ...SERVICES.map(({ name }) => `  ${name}-data:`),
    '',
  ].join('\n');

const text = (value: string): string => JSON.stringify(value);

const serviceLines = ({ name, container, docker }: Service): string[] => {
  const { port, variable } = PORTS[name];
  const { image, command, environment = {}, volume, healthCheck, memory } = docker;
  return [
    `  ${name}:`,
    `    image: ${image}`,
    // A second stack beside the first one gives its containers a suffix.
    `    container_name: ${container}\${QR_NAME_SUFFIX:-}`,
    // Others on the network find it by this name, whatever the container is called.
    `    hostname: ${container}`,
    '    networks:',
    '      default:',
    `        aliases: [${container}]`,
    ...(command === undefined ? [] : [`    command: [${command.map(text).join(', ')}]`]),
    ...(Object.keys(environment).length === 0
      ? []
      : ['    environment:', ...Object.entries(environment).map(([key, value]) => `      ${key}: ${text(value)}`)]),
    '    ports:',
    `      - "127.0.0.1:\${${variable}:-${port}}:${docker.port}"`,
    '    volumes:',
    `      - ${name}-data:${volume}`,
    '    healthcheck:',
    `      test: ["CMD-SHELL", ${text(healthCheck)}]`,
    '      interval: 5s',
    '      timeout: 10s',
    '      retries: 12',
    '      start_period: 20s',
    `    mem_limit: ${memory}`,
    '    stop_grace_period: 5s',
  ];
};
