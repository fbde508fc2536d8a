import { topic as entryOf, isTopicName } from '../../lib/catalog/index.ts';
import { itemOf } from '../../lib/consumer/item.ts';
import { type Codec, type EventOf, HEADER, headerText, type InboundRecord } from '../../lib/events/index.ts';
import { markKey } from '../../lib/stores/marks.ts';
import type { Found } from './finding.ts';

/** What a failed record is to its consumer. */
export interface Contents {
  /** Mark that its event took effect; undefined where it is no event. */
  readonly doneMark: string | undefined;
  /** Mark that the harness has dead-lettered this very record; undefined where no consumer of ours has. */
  readonly deadMark: string | undefined;
  /** Users whose data it holds, for their erasure. */
  readonly users: readonly string[];
  /** Undefined where neither the event nor a header says it. */
  readonly correlationId: string | undefined;
}

const NOTHING: Contents = { doneMark: undefined, deadMark: undefined, users: [], correlationId: undefined };

/** Payload fields that name a user. */
const USER_FIELDS = ['userId', 'ownerId', 'actorId', 'actor', 'requestedBy'];

/** What can be found out about the record of a letter. A schema registry that does not answer keeps nobody waiting. */
export const contentsOf = async ({ letter, original }: Found, codec: Codec): Promise<Contents> => {
  const { topic, partition, offset } = letter;
  const said = headerText(original.headers, HEADER.correlationId);
  if (!isTopicName(topic) || !letter.redrivable) return { ...NOTHING, correlationId: said };
  const { consumerGroup, events } = entryOf(topic);
  const record: InboundRecord = { topic, partition, offset, timestamp: Date.parse(letter.firstFailure), ...original };
  const event = await eventIn(record, codec);
  const { doneMark, deadMark, tag } = itemOf(
    record,
    event === undefined ? { error: undefined } : { event },
    consumerGroup,
  );
  const isKeyedByUser = Object.values(events).every((rule) => rule[0]?.join() === 'userId');
  const key = isKeyedByUser ? [record.key?.toString('utf8') ?? ''] : [];
  const id = headerText(record.headers, HEADER.eventId);
  // The mark is our function's, whatever a connector did with the record.
  const isOurs = letter.shape !== 'connect';
  const wanted = doneMark ?? (id === undefined ? undefined : markKey(tag, consumerGroup, id));
  return {
    doneMark: isOurs ? wanted : undefined,
    deadMark: offset < 0 ? undefined : deadMark,
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
