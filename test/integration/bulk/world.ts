import { randomUUID } from 'node:crypto';
import {
  ADMISSION_DEFAULTS,
  admissionKeys,
  admissionOf,
  type Priority,
} from '../../../handlers/bulk-qr-processing/admission.ts';
import { admissionDue } from '../../../handlers/bulk-qr-processing/admission-due.ts';
import { assemblyRequested } from '../../../handlers/bulk-qr-processing/assembly.ts';
import { type BatchRecord, readBatchRecord } from '../../../handlers/bulk-qr-processing/batch-state.ts';
import { chunkRequested } from '../../../handlers/bulk-qr-processing/chunk.ts';
import { batchKey, objectKeys, openBatchKey } from '../../../handlers/bulk-qr-processing/keys.ts';
import type { FollowUp, Outcome, Ports, UserUpdate } from '../../../handlers/bulk-qr-processing/outcome.ts';
import { generationRequested } from '../../../handlers/bulk-qr-processing/requested.ts';
import type { PermanentError } from '../../../lib/errors.ts';
import { type AnyEvent, derivedEventId, eventOf } from '../../../lib/events/index.ts';
import type { Settings } from '../../../lib/settings.ts';
import { type ObjectStore, openObjects } from '../../../lib/stores/objects.ts';
import { openRedis, type Redis } from '../../../lib/stores/redis.ts';
import { openZip, unzip, zipEntriesOf } from '../../support/zip.ts';

/** What the handlers work with, real stores behind it, and an admission window that nobody else uses. */
export interface World {
  readonly ports: Ports;
  readonly redis: Redis;
  readonly objects: ObjectStore;
  close(): void;
}

export interface WorldOptions {
  readonly window?: number;
  readonly leaseMs?: number;
  readonly leases?: number;
}

/** @param options of the admission windows */
export const openWorld = async (settings: Settings, options: WorldOptions = {}): Promise<World> => {
  const redis = openRedis(settings);
  const objects = openObjects(settings);
  const name = `test-${randomUUID()}`;
  const ports = portsOf(redis, objects, name, options);
  // Without it the first handler would look after every open batch in the bucket, those of other tests included.
  await redis.set(admissionKeys('normal', name).epoch, 'test');
  const close = (): void => {
    redis.disconnect();
    objects.close();
  };
  return { ports, redis, objects, close };
};

export const portsOf = (redis: Redis, objects: ObjectStore, name: string, options: WorldOptions = {}): Ports => ({
  objects,
  redis,
  admission: (priority) => admissionOf(redis, priority, { ...ADMISSION_DEFAULTS, ...options, name }),
  admissionName: name,
  now: () => new Date().toISOString(),
});

/** The handler of the event's type, called as the harness does. */
export const handle = (event: AnyEvent, ports: Ports): Promise<Outcome> => {
  switch (event.eventType) {
    case 'bulk.qr.generation.requested':
      return generationRequested(event, ports);
    case 'bulk.qr.chunk.requested':
      return chunkRequested(event, ports);
    case 'bulk.qr.assembly.requested':
      return assemblyRequested(event, ports);
    case 'bulk.qr.admission.due':
      return admissionDue(event, ports);
    default:
      throw new Error(`${event.eventType} is not worked here`);
  }
};

/** A follow-up as the harness would publish it. */
export const published = (cause: AnyEvent, { type, payload, name }: FollowUp): AnyEvent => {
  const event: unknown = eventOf(type, payload, {
    source: 'test',
    eventId: derivedEventId(cause.eventId, `${type}/${name}`),
    correlationId: cause.correlationId,
    causationId: cause.eventId,
  });
  if (!isEvent(event)) throw new Error('not an event');
  return event;
};

const isEvent = (value: unknown): value is AnyEvent =>
  typeof value === 'object' && value !== null && 'eventType' in value;

/** How events are delivered. */
export interface Delivery {
  /** How often each event arrives; once unless given. */
  readonly copies?: () => number;
  /** Which of so many waiting deliveries is next; the first unless given. */
  readonly pick?: (waiting: number) => number;
  /** Called when a delivery begins. */
  readonly begin?: () => void;
  /** Called before each thing that the handlers and the harness do; what it throws ends the delivery, which comes again. */
  readonly tick?: () => void;
  /** Whether what was done is skipped when it comes again, as the harness does. */
  readonly marks?: boolean;
}

/** All that was seen while events were delivered. */
export interface Seen {
  readonly events: AnyEvent[];
  readonly updates: UserUpdate[];
  readonly rejected: PermanentError[];
  /** Events in the order of their deliveries. */
  readonly handled: AnyEvent[];
}

const FINAL = ['bulk.qr.generation.completed', 'bulk.qr.generation.failed'];

/** Delivers events and what follows from them, until nothing is left. */
export const run = async (first: readonly AnyEvent[], ports: Ports, delivery: Delivery = {}): Promise<Seen> => {
  const { copies = () => 1, pick = () => 0, begin = () => undefined, tick = () => undefined, marks = false } = delivery;
  const seen: Seen = { events: [], updates: [], rejected: [], handled: [] };
  const waiting: AnyEvent[] = [];
  const done = new Set<string>();
  const publish = (event: AnyEvent): void => {
    if (FINAL.includes(event.eventType)) return;
    for (let i = copies(); i > 0; i--) waiting.push(event);
  };
  for (const event of first) publish(event);
  while (waiting.length > 0) {
    const [event] = waiting.splice(pick(waiting.length), 1);
    if (event === undefined || (marks && done.has(event.eventId))) continue;
    seen.handled.push(event);
    begin();
    try {
      const outcome = await handle(event, ports);
      for (const followUp of outcome.events) {
        tick();
        const made = published(event, followUp);
        seen.events.push(made);
        publish(made);
      }
      for (const update of outcome.updates) {
        tick();
        seen.updates.push(update);
      }
      if (outcome.reject !== undefined) seen.rejected.push(outcome.reject);
      done.add(event.eventId);
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
      waiting.push(event);
    }
  }
  return seen;
};

/** A function that died. */
export class Cut extends Error {}

/** The same object, each of whose methods calls `tick` first. */
export const watchedBy = <T extends object>(target: T, tick: () => void): T =>
  new Proxy(target, {
    get: (object, property) => {
      const value: unknown = Reflect.get(object, property);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        tick();
        return Reflect.apply(value, object, args);
      };
    },
  });

/** A batch whose template and items lie in the bucket. */
export interface Laid {
  readonly batchId: string;
  readonly userId: string;
  readonly templateId: string;
  readonly event: AnyEvent;
}

export const SMALL = { size: 64, margin: 4, errorCorrection: 'L' };

export interface Lay {
  readonly batchId?: string;
  readonly userId?: string;
  readonly template?: Readonly<Record<string, unknown>> | undefined;
  readonly items?: Buffer | string | undefined;
  readonly csv?: string;
  readonly itemCount: number;
  readonly priority?: Priority;
}

/** Uploads what a batch needs, as far as it is given, and makes its request. */
export const lay = async ({ objects }: Pick<World, 'objects'>, given: Lay): Promise<Laid> => {
  const { batchId = `batch-${randomUUID()}`, userId = `user-${randomUUID()}`, itemCount, priority = 'normal' } = given;
  const templateId = `template-${randomUUID()}`;
  await Promise.all([
    given.template === undefined
      ? undefined
      : objects.put(`templates/${templateId}.json`, JSON.stringify(given.template)),
    given.items === undefined ? undefined : objects.put(objectKeys(batchId).itemsNdjson, given.items),
    given.csv === undefined ? undefined : objects.put(objectKeys(batchId).itemsCsv, given.csv),
  ]);
  const payload = { batchId, userId, templateId, itemCount, priority };
  const event: unknown = eventOf('bulk.qr.generation.requested', payload, { source: 'test' });
  if (!isEvent(event)) throw new Error('not an event');
  return { batchId, userId, templateId, event };
};

/** The minute has come in which nothing else happens. */
export const minuteEvent = (): AnyEvent => {
  const event: unknown = eventOf('bulk.qr.admission.due', { minute: '2026-01-01T00:00:00.000Z' }, { source: 'test' });
  if (!isEvent(event)) throw new Error('not an event');
  return event;
};

/** So many short items, one JSON object a line. */
export const itemLines = (count: number): string =>
  Array.from({ length: count }, (_, i) => `{"id":"${i + 1}","data":"D${i + 1}"}`).join('\n');

export const batchOf = async ({ redis }: Pick<World, 'redis'>, batchId: string): Promise<BatchRecord> => {
  const batch = await readBatchRecord(redis, batchId);
  if (batch === undefined) throw new Error(`no batch ${batchId}`);
  return batch;
};

export const zipOfBatch = async (
  { objects }: Pick<World, 'objects'>,
  batchId: string,
): Promise<Map<string, Buffer>> => {
  const bytes = await objects.get(objectKeys(batchId).zip);
  if (bytes === undefined) throw new Error(`no zip of ${batchId}`);
  return unzip(bytes);
};

/** Whatever a finished batch should not leave behind, in both stores. */
export const leftovers = async ({ objects, redis, ports }: World, batchId: string): Promise<unknown[]> => {
  const windows = (['normal', 'high'] as const).map((priority) => admissionKeys(priority, ports.admissionName));
  const kept = await Promise.all(
    windows.flatMap(({ leases, pending, tasks }) => [redis.zcard(leases), redis.llen(pending), redis.hlen(tasks)]),
  );
  const open = await objects.head(openBatchKey(batchId));
  return [
    ...(await objects.list(objectKeys(batchId).work)),
    ...(open === undefined ? [] : [openBatchKey(batchId)]),
    ...kept.filter((count) => count > 0),
  ];
};

export const idsOf = (events: readonly AnyEvent[], type: AnyEvent['eventType']): string[] => [
  ...new Set(events.filter(({ eventType }) => eventType === type).map(({ eventId }) => eventId)),
];

/** Redis forgets the batch. */
export const forget = async ({ redis }: Pick<World, 'redis'>, batchId: string): Promise<void> => {
  await redis.del(batchKey(batchId));
};

/** Names of the files in the zip of a batch, by its directory. */
export const filesInZip = async ({ objects }: Pick<World, 'objects'>, batchId: string): Promise<string[]> => {
  const bytes = await objects.get(objectKeys(batchId).zip);
  return (await zipEntriesOf(await openZip(bytes ?? Buffer.alloc(0)))).map(({ fileName }) => fileName);
};

/** All leases of a class have run out. */
export const ageLeases = async ({ redis, ports }: World, priority: Priority = 'normal'): Promise<void> => {
  const { leases } = admissionKeys(priority, ports.admissionName);
  for (const lease of await redis.zrange(leases, 0, -1)) await redis.zadd(leases, 1, lease);
};

/** Redis forgets the windows of this world. */
export const forgetWindows = async ({ redis, ports }: World): Promise<void> => {
  const keys = await redis.keys(`bulk:{${ports.admissionName}}*`);
  if (keys.length > 0) await redis.del(...keys);
};
