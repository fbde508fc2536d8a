import { OPERATOR, type Settings } from '../settings.ts';
import type { Ports } from './ports.ts';
import { registryUrl } from './services/schema-registry.ts';

/** The one bucket of a local stack. */
const BUCKET = 'qr-saas';
/** The address itself, because `localhost` may mean ::1 first, where nothing listens. */
const HOST = '127.0.0.1';

/** Where the components of a stack with these ports are. */
export const settingsOfPorts = (ports: Ports): Settings => ({
  brokers: [`${HOST}:${ports.kafka}`],
  registryUrl: registryUrl(ports['schema-registry'], HOST),
  redisUrl: `redis://${HOST}:${ports.redis}`,
  bucket: BUCKET,
  awsEndpoint: `http://${HOST}:${ports.aws}`,
  operatorUserId: process.env.QR_OPERATOR_USER_ID ?? OPERATOR,
});
