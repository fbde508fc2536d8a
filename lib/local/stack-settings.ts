import { type Settings, settingsFrom } from '../settings.ts';
import { databaseUrl } from './database.ts';
import type { Ports } from './ports.ts';
import { brokersWith, type Extra } from './services/index.ts';
import { registryUrl } from './services/schema-registry.ts';

/** The one bucket of a local stack. */
const BUCKET = 'qr-saas';
/** The address itself, because `localhost` may mean ::1 first, where nothing listens. */
const HOST = '127.0.0.1';

/**
 * Where the components of a stack with these ports are.
 *
 * @param extras the optional services it has: with PostgreSQL among them history lies there
 * @param env the environment of who starts or uses the stack, for what is no component: sender, links, webhooks
 */
export const settingsOfPorts = (
  ports: Ports,
  env: NodeJS.ProcessEnv = process.env,
  extras: readonly Extra[] = [],
): Settings => ({
  ...settingsFrom(env),
  ...historyOf(ports, extras),
  // Nobody outside of this machine sees a link that is signed with it.
  linkSecret: env.QR_LINK_SECRET ?? 'local',
  brokers: [ports.kafka, ports['kafka-2'], ports['kafka-3']]
    .slice(0, brokersWith(extras))
    .map((port) => `${HOST}:${port}`),
  kafkaAuth: undefined,
  registryUrl: registryUrl(ports['schema-registry'], HOST),
  redisUrl: `redis://${HOST}:${ports.redis}`,
  redisAuth: undefined,
  redisCacheName: undefined,
  bucket: BUCKET,
  awsEndpoint: `http://${HOST}:${ports.aws}`,
});

const historyOf = ({ postgres }: Ports, extras: readonly Extra[]): Pick<Settings, 'history' | 'databaseUrl'> =>
  extras.includes('connect')
    ? { history: 'database', databaseUrl: databaseUrl(postgres, HOST) }
    : { history: 'objects', databaseUrl: undefined };
