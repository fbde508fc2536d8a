import { StreamError } from '../errors.ts';

/** Every port of a stack with the variable that moves it. */
export const PORTS = {
  kafka: { port: 9092, variable: 'QR_PORT_KAFKA' },
  redis: { port: 6379, variable: 'QR_PORT_REDIS' },
  'schema-registry': { port: 8081, variable: 'QR_PORT_SCHEMA_REGISTRY' },
  aws: { port: 4566, variable: 'QR_PORT_AWS' },
  functions: { port: 9001, variable: 'QR_PORT_FUNCTIONS' },
  postgres: { port: 5432, variable: 'QR_PORT_POSTGRES' },
  search: { port: 9200, variable: 'QR_PORT_SEARCH' },
  connect: { port: 8083, variable: 'QR_PORT_CONNECT' },
  /** Kafka's controller; only brokers connect to it. */
  'kafka-controller': { port: 9093, variable: 'QR_PORT_KAFKA_CONTROLLER' },
  /** The second and the third broker, of a stack with three. */
  'kafka-2': { port: 9094, variable: 'QR_PORT_KAFKA_2' },
  'kafka-3': { port: 9095, variable: 'QR_PORT_KAFKA_3' },
  'kafka-controller-2': { port: 9096, variable: 'QR_PORT_KAFKA_CONTROLLER_2' },
  'kafka-controller-3': { port: 9097, variable: 'QR_PORT_KAFKA_CONTROLLER_3' },
  /** The console page. */
  console: { port: 8090, variable: 'QR_PORT_CONSOLE' },
  /** In Docker; natively the console is here once more when nobody else is. */
  'kafka-ui': { port: 8080, variable: 'QR_PORT_KAFKA_UI' },
  'redis-commander': { port: 8082, variable: 'QR_PORT_REDIS_COMMANDER' },
} as const satisfies Record<string, { port: number; variable: string }>;

export type PortName = keyof typeof PORTS;

export const PORT_NAMES: readonly PortName[] = Object.keys(PORTS).filter((name): name is PortName => name in PORTS);

/** The ports of one stack. */
export type Ports = Readonly<Record<PortName, number>>;

const HIGHEST = 65_535;

/** Ports that `fetch` and browsers never speak HTTP to (WHATWG Fetch, "Port blocking"), from 1024 on. */
const BLOCKED: readonly number[] = [
  ...[1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566],
  ...[6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080],
];

/** What is spoken to in another language. */
const NO_HTTP: readonly PortName[] = [
  ...(['kafka', 'kafka-2', 'kafka-3', 'kafka-controller', 'kafka-controller-2', 'kafka-controller-3'] as const),
  ...(['redis', 'postgres'] as const),
];

/**
 * The ports of a stack: the defaults, all moved by `offset` (or `QR_PORT_OFFSET`), or one by one by their variables.
 *
 * @throws StreamError USAGE for what is no port
 */
export const portsFrom = (offset: number | undefined, env: NodeJS.ProcessEnv = process.env): Ports => {
  const moved = offset ?? wholeNumber('QR_PORT_OFFSET', env.QR_PORT_OFFSET ?? '0');
  const portOf = (name: PortName): number => {
    const { port, variable } = PORTS[name];
    const given = env[variable];
    const found = given === undefined ? port + moved : wholeNumber(variable, given);
    if (found < 1 || found > HIGHEST) {
      throw new StreamError('USAGE', `The port of ${name} would be ${found}; ports go from 1 to ${HIGHEST}.`, {
        next: 'Choose another --port-offset',
      });
    }
    if (BLOCKED.includes(found) && !NO_HTTP.includes(name)) {
      throw new StreamError('USAGE', `The port of ${name} would be ${found}, which browsers refuse to open.`, {
        next: `Choose another --port-offset, or move this one: ${variable}=${found + 1}`,
      });
    }
    return found;
  };
  return {
    kafka: portOf('kafka'),
    redis: portOf('redis'),
    'schema-registry': portOf('schema-registry'),
    aws: portOf('aws'),
    functions: portOf('functions'),
    postgres: portOf('postgres'),
    search: portOf('search'),
    connect: portOf('connect'),
    'kafka-controller': portOf('kafka-controller'),
    'kafka-2': portOf('kafka-2'),
    'kafka-3': portOf('kafka-3'),
    'kafka-controller-2': portOf('kafka-controller-2'),
    'kafka-controller-3': portOf('kafka-controller-3'),
    console: portOf('console'),
    'kafka-ui': portOf('kafka-ui'),
    'redis-commander': portOf('redis-commander'),
  };
};

const wholeNumber = (variable: string, text: string): number => {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new StreamError('USAGE', `${variable} must be a whole number, not "${text}".`);
};
