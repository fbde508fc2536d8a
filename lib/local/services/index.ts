import type { EngineName } from '../engine.ts';
import { aws } from './aws.ts';
import { connect } from './connect.ts';
import { kafka, kafka2, kafka3 } from './kafka.ts';
import { kafkaUi } from './kafka-ui.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { redisCommander } from './redis-commander.ts';
import { schemaRegistry } from './schema-registry.ts';
import { search } from './search.ts';
import { type Extra, isDocker, isNative, type Service } from './service.ts';

export {
  type BrokerCount,
  brokersWith,
  type DockerService,
  EXTRAS,
  type Extra,
  isDocker,
  isNative,
  MORE_BROKERS,
  type NativeCommand,
  type NativePlace,
  type NativeService,
  OPTIONAL,
  type Service,
} from './service.ts';

/** The services of a local stack, in the order in which they are listed. */
export const SERVICES: readonly Service[] = [
  kafka,
  kafka2,
  kafka3,
  redis,
  schemaRegistry,
  aws,
  redisCommander,
  kafkaUi,
  postgres,
  search,
  connect,
];

/** The services of a stack that was started with these groups; the same in both engines but for {@link kafkaUi} and more brokers. */
export const servicesWith = (extras: readonly Extra[], engine: EngineName = 'native'): readonly Service[] =>
  SERVICES.filter(
    (service) =>
      (service.extra === undefined || extras.includes(service.extra)) &&
      (engine === 'docker' ? isDocker(service) : isNative(service)),
  );
