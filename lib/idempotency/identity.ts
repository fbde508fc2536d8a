import { createHash } from 'node:crypto';
import { isTopicName, topic as topicNamed } from '../catalog/index.ts';
import { type EventOf, firstPlaceOf, type InboundRecord, keyIn, type LetterPlace } from '../events/index.ts';
import { hashTag } from '../stores/hash-tag.ts';

/** What tells a record from every other record of its topic, and what it belongs to. */
export interface RecordIdentity {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970: a topic that is made again has other records at the same offsets. */
  readonly timestamp: number;
  /** Hash tag of its owner, see {@link ownerOf}. */
  readonly tag: string;
  /** Where the record of a redriven one lay at first, and in which life of that log. */
  readonly origin: Pick<LetterPlace, 'partition' | 'offset' | 'life'> | undefined;
  /**
   * Number by which its publisher's duplicates are known: 64 bits of a hash of the event id. Empty where there is no event.
   * As text: it is an integer to Redis, and too large for one here.
   */
  readonly duplicateId: string;
  /** Offset under which its writes to other owners are known, where it stands for another record of the event; known after the look-up. */
  offsetElsewhere?: number;
}

/**
 * The owner of a record: of an event of its topic what the catalog's rule makes its key, whatever key it came with, so that a
 * publisher's duplicate has the same one wherever it lies. Of anything else its key; its partition where that is absent or empty.
 */
export const ownerOf = (
  { topic, partition, key }: Pick<InboundRecord, 'topic' | 'partition' | 'key'>,
  event: EventOf | undefined,
): string => {
  const isOfTopic =
    event !== undefined && isTopicName(topic) && Object.hasOwn(topicNamed(topic).events, event.eventType);
  const byRule = isOfTopic ? keyIn(event) : undefined;
  return byRule ?? (key === null || key.length === 0 ? `${topic}/${partition}` : key.toString('utf8'));
};

/** @param event what the record holds; undefined where it holds none */
export const identityOf = (record: InboundRecord, event: EventOf | undefined): RecordIdentity => {
  const { topic, partition, offset, timestamp } = record;
  const first = firstPlaceOf(record);
  return {
    topic,
    partition,
    offset,
    timestamp,
    tag: hashTag(ownerOf(record, event)),
    // A trace of another topic is nothing of this one's.
    origin: first?.topic === topic ? first : undefined,
    duplicateId: event === undefined ? '' : duplicateIdOf(event.eventId),
  };
};

/** See {@link RecordIdentity.duplicateId}. */
export const duplicateIdOf = (eventId: string): string =>
  createHash('sha1').update(eventId).digest().readBigInt64BE(0).toString();

/** Sets of event ids are begun anew so often. */
const BUCKET_MS = 30 * 60 * 1_000;

/**
 * Keys of an owner's bookkeeping, for one consumer group: what has taken effect, exceptions, and the event ids of this half
 * hour and the two before it.
 *
 * @param now milliseconds since 1970
 */
export const bookkeepingKeys = (tag: string, group: string, now: number): readonly string[] => {
  const bucket = Math.floor(now / BUCKET_MS);
  const ids = [bucket, bucket - 1, bucket - 2].map((one) => `ids:${tag}:${group}:${one.toString(36)}`);
  return [`seen:${tag}:${group}`, `exceptions:${tag}:${group}`, ...ids];
};

/** Key of what is known of a partition's log, for the one group that consumes its topic. */
export const partitionKey = (topic: string, partition: number): string => `log:{${topic}/${partition}}`;
