import { aws } from './aws.ts';
import { connect } from './connect.ts';
import { kafka } from './kafka.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { schemaRegistry } from './schema-registry.ts';
import { search } from './search.ts';
import type { Extra, Service } from './service.ts';

export { EXTRAS, type Extra, type NativeCommand, type NativePlace, type Service } from './service.ts';

/** The services of a local stack, in the order in which they are listed. Both engines run exactly these. */
export const SERVICES: readonly Service[] = [kafka, redis, schemaRegistry, aws, postgres, search, connect];

/** The services of a stack that was started with these groups. */
export const servicesWith = (extras: readonly Extra[]): readonly Service[] =>
  SERVICES.filter(({ extra }) => extra === undefined || extras.includes(extra));
