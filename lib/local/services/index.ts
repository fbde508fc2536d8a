import { aws } from './aws.ts';
import { kafka } from './kafka.ts';
import { redis } from './redis.ts';
import { schemaRegistry } from './schema-registry.ts';
import type { Service } from './service.ts';

export type { NativeCommand, NativePlace, Service } from './service.ts';

/** The services of a local stack, in the order in which they are listed. Both engines run exactly these. */
export const SERVICES: readonly Service[] = [kafka, redis, schemaRegistry, aws];
