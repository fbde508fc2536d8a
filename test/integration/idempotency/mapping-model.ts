import { randomUUID } from 'node:crypto';
import { topic } from '../../../lib/catalog/index.ts';
import { aggregated } from '../../../lib/consumer/aggregate.ts';
import { lambdaHandler } from '../../../lib/consumer/batch.ts';
import { type Connections, type MskRecord, openConnections } from '../../../lib/consumer/index.ts';
import { perRecord } from '../../../lib/consumer/per-record.ts';
import { PermanentError } from '../../../lib/errors.ts';
import { HEADER, type InboundRecord, letterId, newEventId, putBack } from '../../../lib/events/index.ts';
import { birthsOf, claimDeadLetter, identityOf, lifeAt, noteDelivery } from '../../../lib/idempotency/index.ts';
import { hashTag } from '../../../lib/stores/hash-tag.ts';
import type { Redis } from '../../../lib/stores/redis.ts';
import type { Write } from '../../../lib/stores/writes.ts';
import { newPartition } from '../../support/bookkeeping.ts';
import { contextFor } from '../../support/delivery.ts';
import { testStack } from '../../support/stack.ts';

const NAME = 'analytics-events';
/** A mapping's largest batch in these tests: small, so that holes close soon. */
export const LARGEST_BATCH = 4;
const TOPIC = { ...topic(NAME), mapping: { ...topic(NAME).mapping, batchSize: LARGEST_BATCH } };

/** What an event is to do. `poison` fails for good until it is mended. */
export type Kind = 'good' | 'poison';

/** What happens to the calls of Redis that write: none, the request or the answer of the n-th from now is lost. */
interface Fault {
  readonly lost: 'request' | 'answer';
  after: number;
}

/** A redriven record, or one that was published. */
type LogRecord = Omit<InboundRecord, 'topic' | 'partition' | 'offset'>;

/** Records of one partition, what its group has committed, and the offsets that its mapping gave up. */
interface Partition {
  readonly number: number;
  readonly records: LogRecord[];
  /** Offsets that hold no record a consumer sees: markers of transactions, what was compacted away. */
  readonly gaps: Set<number>;
  committed: number;
  /** Its topic was made again and nothing of it has been delivered: it has to be read from its beginning (docs/guarantees.md). */
  isAnew: boolean;
}

/**
 * A topic, its event source mapping and its function, as far as exactly-once effects depend on them: everything is
 * delivered as AWS may deliver it, to the real harness on the real Redis.
 */
export const newMapping = (strategy: 'per record' | 'aggregated') => {
  const connections = openConnections(topic(NAME), testStack().settings);
  const { redis } = connections;
  const run = randomUUID();
  const base = newPartition();
  let partitions: Partition[] = [];
  let clock = 1_700_000_000_000;
  let isMended = false;
  let fault: Fault | undefined;
  const deadLetters: { readonly record: InboundRecord; redriveCount: number; readonly id: string }[] = [];
  /** What every event is to come to: once, when everything has been redriven. */
  const expected = new Map<string, { readonly key: string; readonly kind: Kind }>();

  const grow = (): void => {
    partitions.push({ number: base + partitions.length, records: [], gaps: new Set(), committed: 0, isAnew: false });
  };
  grow();

  const faulty: Redis = new Proxy(redis, {
    get: (target, name, receiver) => {
      const value: unknown = Reflect.get(target, name, receiver);
      if (name !== 'call' || typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        const isApplying = Array.isArray(args[1]) && args[1].includes('apply');
        if (fault === undefined || !isApplying || fault.after-- > 0) return Reflect.apply(value, target, args);
        const { lost } = fault;
        fault = undefined;
        if (lost === 'answer') await Reflect.apply(value, target, args);
        throw new Error('Connection is closed.');
      };
    },
  });

  /** Dead letters of the harness, kept here instead of on the stack's queue. */
  const publisher: Connections['publisher'] = {
    ...connections.publisher,
    codec: connections.publisher.codec,
    publishRaw: async (records) => {
      for (const { key, value, headers } of records) {
        const header = (name: string): string => headers.find(([found]) => found === name)?.[1].toString() ?? '';
        const place = { partition: Number(header('dlq-partition')), offset: Number(header('dlq-offset')) };
        const own = headers.filter(([name]) => !name.startsWith('dlq-') || name.startsWith('dlq-redrive'));
        const timestamp = Number(header('dlq-timestamp'));
        await keepDeadLetter({ topic: NAME, ...place, key, value, headers: own, timestamp });
      }
      return [];
    },
  };

  /** What the dead-letter queue's consumer does: one dead letter a record, by its id. */
  const keepDeadLetter = async (record: InboundRecord): Promise<void> => {
    const header = (name: string) => record.headers.find(([found]) => found === name)?.[1].toString();
    const births = await birthsOf(redis, NAME, record.partition);
    const id =
      header('dlq-redrive-of') ?? letterId(NAME, record.partition, record.offset, lifeAt(births, record.timestamp));
    const redriveCount = Number(header('dlq-redrive-count') ?? 0);
    if (deadLetters.some((one) => one.id === id && one.redriveCount >= redriveCount)) return;
    const headers = record.headers.filter(([name]) => !name.startsWith('dlq-redrive'));
    const timestamp = Number(header('dlq-redrive-timestamp') ?? record.timestamp);
    deadLetters.push({ record: { ...record, headers, timestamp }, redriveCount, id });
  };

  const reject = (eventId: string): void => {
    if (expected.get(eventId)?.kind === 'poison' && !isMended) throw new PermanentError('RULE_VIOLATED', 'Not now.');
  };
  const shared = `${run}-shared`;
  const oneByOne = () =>
    perRecord((item, { tag }) => {
      if (item.read.kind !== 'event') throw new Error('only events are delivered');
      const { eventId } = item.read.event;
      reject(eventId);
      return {
        crossKeyWrites: ['first', 'second'].map((name) => ({
          ...{ name, owner: shared },
          writes: [['HINCRBY', sharedKey(name), eventId, 1]],
        })),
        writes: [['HINCRBY', `test:effects:${tag}`, eventId, 1]],
      };
    });
  const together = () =>
    aggregated<'qr.scanned', Write>({
      type: 'qr.scanned',
      additions: async ({ eventId, payload: { qrId } }) => {
        reject(eventId);
        const own = String(qrId);
        return [
          { name: 'own', owner: own, part: ['HINCRBY', `test:effects:${hashTag(own)}`, eventId, 1] },
          ...['first', 'second'].map((name) => ({
            ...{ name, owner: shared },
            part: ['HINCRBY', sharedKey(name), eventId, 1] as const,
          })),
        ];
      },
      prepare: async () => {},
      writes: (parts) => parts,
    });

  const handler = lambdaHandler(
    TOPIC,
    {
      read: async (record) => {
        const event = await connections.publisher.codec.decode(record);
        return { kind: 'event', event };
      },
      process: strategy === 'per record' ? oneByOne() : together(),
    },
    { connect: () => ({ ...connections, redis: faulty, publisher }) },
  );
  const sharedKey = (name: string): string => `test:${name}:${hashTag(`${run}-shared`)}`;

  const partitionOf = (key: string): Partition => {
    const found = partitions[(key.charCodeAt(0) * 7) % partitions.length];
    if (found === undefined) throw new Error('there is a partition');
    return found;
  };

  const append = (partition: Partition, record: LogRecord): void => {
    partition.records.push(record);
  };

  const mskRecord = ({ number }: Partition, record: LogRecord, offset: number): MskRecord => ({
    topic: NAME,
    partition: number,
    offset,
    timestamp: record.timestamp,
    key: record.key?.toString('base64') ?? null,
    value: record.value?.toString('base64') ?? null,
    headers: record.headers.map(([name, content]) => ({ [name]: [...content] })),
  });

  /** Invokes the function with these offsets. @returns offsets to deliver again */
  const invoke = async (partition: Partition, offsets: readonly number[]): Promise<readonly number[]> => {
    if (offsets.length === 0) return [];
    const id = `${NAME}-${partition.number}`;
    const records = offsets.flatMap((offset) => {
      const record = partition.records[offset];
      return record === undefined ? [] : [mskRecord(partition, record, offset)];
    });
    const { batchItemFailures } = await handler({ records: { [id]: records } }, contextFor(NAME));
    return batchItemFailures.map(({ itemIdentifier: { offset } }) => offset);
  };

  /** The function begins with a batch and dies. */
  const note = async (partition: Partition, offsets: readonly number[]): Promise<void> => {
    const [first = 0, last = first] = [offsets[0], offsets.at(-1)];
    const timestamps = offsets.map((offset) => partition.records[offset]?.timestamp ?? 0);
    await noteDelivery(redis, {
      ...{ topic: NAME, partition: partition.number, first, last },
      ...{ firstTimestamp: timestamps[0] ?? 0, newestTimestamp: Math.max(...timestamps) },
    });
  };

  const nextOffsets = (partition: Partition, size: number): readonly number[] => {
    const offsets: number[] = [];
    for (let at = partition.committed; at < partition.records.length && offsets.length < size; at++) {
      if (!partition.gaps.has(at)) offsets.push(at);
    }
    return offsets;
  };

  /** What the dead-letter queue's consumer does with records that Lambda gave up. */
  const giveUp = async (partition: Partition, offsets: readonly number[]): Promise<void> => {
    for (const offset of offsets) {
      const log = partition.records[offset];
      if (log === undefined) continue;
      const record: InboundRecord = { ...log, topic: NAME, partition: partition.number, offset };
      const event = await connections.publisher.codec.decode(record);
      const births = await birthsOf(redis, NAME, partition.number);
      const entry = {
        identity: identityOf(record, event),
        log: { births, start: 0, first: 0 },
      };
      const claim = await claimDeadLetter(redis, TOPIC, entry, Date.now());
      if (claim === 'open') await keepDeadLetter(record);
    }
  };

  return {
    connections,
    publish: (key: string, kind: Kind): void => {
      const eventId = newEventId();
      expected.set(eventId, { key, kind });
      const payload = { qrId: `${run}-${key}`, userId: 'user-1', action: 'scan' };
      append(partitionOf(key), {
        timestamp: clock++,
        // Whose it is says the event; some publishers leave the key out.
        key: expected.size % 3 === 0 ? null : Buffer.from(payload.qrId),
        value: Buffer.from(JSON.stringify({ eventId, eventType: 'qr.scanned', payload })),
        headers: [[HEADER.eventId, Buffer.from(eventId)]],
      });
    },
    /** Its publisher sends the newest record of a key once more. */
    publishAgain: (key: string): void => {
      const partition = partitionOf(key);
      const last = partition.records.findLast(({ value }) => value?.includes(`"${run}-${key}"`) === true);
      if (last !== undefined) append(partition, { ...last, timestamp: clock++ });
    },
    /** Offsets that no consumer will see. */
    gap: (key: string, length: number): void => {
      const partition = partitionOf(key);
      for (let i = 0; i < length; i++) {
        partition.gaps.add(partition.records.length);
        append(partition, { timestamp: clock, key: null, value: null, headers: [] });
      }
    },
    addPartition: grow,
    fail: (lost: Fault['lost'], after: number): void => {
      fault = { lost, after };
    },
    /** Delivers the next batch of a partition, and again what fails, until it is done or given up. */
    deliver: async (which: number, { size, isBisected, diesFirst, tries }: Delivery): Promise<void> => {
      const partition = partitions[which % partitions.length];
      if (partition === undefined) return;
      const batch = nextOffsets(partition, size);
      const last = batch.at(-1);
      if (last === undefined) {
        // Nothing but gaps is left: the group's position goes past them.
        partition.committed = partition.records.length;
        return;
      }
      partition.isAnew = false;
      // The function did its work, and its answer never came: the mapping knows nothing of it.
      if (diesFirst) await invoke(partition, batch).catch(() => undefined);
      // A batch is bisected once the function has failed with the whole of it.
      if (isBisected) await note(partition, batch);
      const middle = Math.ceil(batch.length / 2);
      const halves = isBisected ? [batch.slice(middle), batch.slice(0, middle)] : [batch];
      for (const half of halves) {
        let rest: readonly number[] = half;
        for (let i = 0; i < tries && rest.length > 0; i++) rest = await invoke(partition, rest);
        await giveUp(partition, rest);
      }
      partition.committed = last + 1;
    },
    /** The group is set back. */
    rewind: (which: number, to: number): void => {
      const partition = partitions[which % partitions.length];
      if (partition !== undefined) partition.committed = Math.min(partition.committed, to);
    },
    /** The group skips what is waiting; somebody sets it back later. */
    skip: (which: number, by: number): void => {
      const partition = partitions[which % partitions.length];
      if (partition === undefined || partition.isAnew) return;
      partition.committed = Math.min(partition.records.length, partition.committed + by);
    },
    /** Puts the oldest dead letter back on its topic; twice, when the redrive was cut off in between. */
    redrive: (times: number): void => {
      const [letter] = deadLetters.splice(0, 1);
      if (letter === undefined) return;
      const { key, value, partition } = letter.record;
      for (let i = 0; i < times; i++) {
        const back = putBack(
          { id: letter.id, topic: NAME, partition, redriveCount: letter.redriveCount },
          letter.record,
        );
        const name = key?.toString().slice(run.length + 1);
        // Without a key it may come to any partition.
        const to = name === undefined ? partitions[letter.redriveCount % partitions.length] : partitionOf(name);
        if (to === undefined) throw new Error('there is a partition');
        append(to, { key, value, headers: back.headers, timestamp: clock++ });
      }
    },
    /** The topic is deleted and made again. Nothing was waiting, and its dead letters stay. */
    makeAnew: (): void => {
      for (const partition of partitions) {
        partition.records.length = 0;
        partition.gaps.clear();
        partition.committed = 0;
        partition.isAnew = true;
      }
      clock += 1_000;
    },
    mend: (): void => {
      isMended = true;
    },
    deadLetters: () => deadLetters.length,
    partitions: () => partitions.length,
    waiting: (): boolean => partitions.some(({ committed, records }) => committed < records.length),
    /** How often each event took effect: at its key, and by each name at the other owner. */
    effects: async (): Promise<Readonly<Record<string, string>>> => {
      const [first, second] = await Promise.all(['first', 'second'].map((name) => redis.hgetall(sharedKey(name))));
      const keys = [...new Set([...expected.values()].map(({ key }) => key))];
      const own = Object.assign(
        {},
        ...(await Promise.all(keys.map((key) => redis.hgetall(`test:effects:${hashTag(`${run}-${key}`)}`)))),
      );
      return Object.fromEntries(
        [...expected.keys()].map((id) => [id, [own[id], first?.[id], second?.[id]].map((n) => n ?? '0').join(' ')]),
      );
    },
    /** Forgets what this run has left in Redis. */
    dispose: async (): Promise<void> => {
      const keys = await redis.keys(`*${run}*`);
      const logs = partitions.map(({ number }) => `log:{${NAME}/${number}}`);
      await Promise.all([...keys, ...logs].map((key) => redis.del(key)));
      partitions = [];
      connections.redis.disconnect();
      connections.objects.close();
      await connections.publisher.close();
    },
  };
};

export interface Delivery {
  readonly size: number;
  /** The second half is delivered first. */
  readonly isBisected: boolean;
  /** It is delivered once more before. */
  readonly diesFirst: boolean;
  /** Calls until what still fails is given up. */
  readonly tries: number;
}
