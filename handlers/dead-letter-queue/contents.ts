import { isTopicName, topic as topicNamed } from '../../lib/catalog/index.ts';
import { type Codec, type EventOf, HEADER, headerText, type InboundRecord } from '../../lib/events/index.ts';
import { birthsOf, type Consumed, type Entry, identityOf } from '../../lib/idempotency/index.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { Found } from './finding.ts';

/** What a failed record is to its consumer. */
export interface Contents {
  /** The record in the bookkeeping of its consumer; undefined where that is none of our functions. */
  readonly entry: Entry | undefined;
  readonly consumed: Consumed | undefined;
  /** Users whose data it holds, for their erasure. */
  readonly users: readonly string[];
  /** Undefined where neither the event nor a header says it. */
  readonly correlationId: string | undefined;
}

/** Payload fields that name a user. */
const USER_FIELDS = ['userId', 'ownerId', 'actorId', 'actor', 'requestedBy'];

/** What can be found out about the record of a dead letter. A schema registry that does not answer keeps nobody waiting. */
export const contentsOf = async (
  { letter, original }: Found,
  { codec, redis }: { readonly codec: Codec; readonly redis: Redis },
): Promise<Contents> => {
  const { topic, partition, offset } = letter;
  const said = headerText(original.headers, HEADER.correlationId);
  if (!isTopicName(topic) || !letter.redrivable) {
    return { entry: undefined, consumed: undefined, users: [], correlationId: said };
  }
  const consumed = topicNamed(topic);
  const timestamp = original.timestamp ?? Date.parse(letter.firstFailure);
  const record: InboundRecord = { topic, partition, offset, ...original, timestamp };
  const event = await eventIn(record, codec);
  const isKeyedByUser = Object.values(consumed.events).every((rule) => rule[0]?.join() === 'userId');
  const key = isKeyedByUser ? [record.key?.toString('utf8') ?? ''] : [];
  // A connector keeps no books, and a record that never came onto its topic is in none.
  const isOurs = letter.shape !== 'connect' && offset >= 0;
  const births = isOurs ? await birthsOf(redis, topic, partition) : [];
  return {
    entry: isOurs
      ? {
          identity: identityOf(record, event),
          log: { births, start: 0, first: 0 },
        }
      : undefined,
    consumed,
    users: [...new Set([...usersIn(event), ...key])].filter((user) => user !== ''),
    correlationId: event?.correlationId ?? said,
  };
};

const eventIn = async (record: InboundRecord, codec: Codec): Promise<EventOf | undefined> => {
  try {
    return await codec.decode(record);
  } catch {
    // Most letters are here because of just that.
    return undefined;
  }
};

const usersIn = (event: EventOf | undefined): readonly string[] => {
  const payload = new Map<string, unknown>(Object.entries(event?.payload ?? {}));
  return USER_FIELDS.flatMap((name) => {
    const value = payload.get(name);
    return typeof value === 'string' ? [value] : [];
  });
};
