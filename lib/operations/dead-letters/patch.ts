import { topic as entryOf, isTopicName } from '../../catalog/index.ts';
import { PermanentError, StreamError } from '../../errors.ts';
import {
  type Codec,
  type EventOf,
  eventFromJson,
  HEADER,
  headerText,
  type InboundRecord,
  PATCHED_HEADER,
  placeOfLetter,
  positionEventId,
  recordOf,
} from '../../events/index.ts';
import { entryFor, markDeadLettered, tagOf } from '../../idempotency/index.ts';
import {
  type Kept,
  keepLetter,
  type Letter,
  type Original,
  readKept,
  setPatched,
} from '../../stores/dead-letters/index.ts';
import type { LetterStores } from './stores.ts';

/** A letter's record with another payload. */
export interface Patched {
  readonly event: EventOf;
  readonly original: Original;
  /** Hash tag of its owner; undefined where its consumer is a connector, which keeps no books. */
  readonly owner: string | undefined;
}

/**
 * Makes the record that is to be put back instead of a letter's own. It stays the same event: its eventId, correlationId,
 * causationId, time and source are kept, so that its consumer passes over it should the first one have taken effect after
 * all, and what it causes still hangs together. Its key is that of the catalog's rule, by the new payload.
 *
 * @param json the new payload, or the whole event
 * @param stamp when and who, for the header that marks it
 * @throws PermanentError UNDECODABLE, INVALID_EVENT, UNKNOWN_EVENT_TYPE when it does not fit the schema; StreamError REFUSED
 */
export const patchedRecord = async (
  { topic, partition, offset, id, firstFailure, shape }: Letter,
  before: Original,
  json: string,
  stamp: { readonly at: string; readonly by: string },
  codec: Codec,
): Promise<Patched> => {
  if (!isTopicName(topic) || Object.keys(entryOf(topic).events).length === 0) {
    throw new StreamError('REFUSED', `${topic} has no event types, so there is no schema to hold a payload against.`);
  }
  const record: InboundRecord = { topic, partition, offset, timestamp: Date.parse(firstFailure), ...before };
  const old = await eventIn(record, codec);
  const said = (name: string): string | undefined => headerText(before.headers, name);
  const eventId = old?.eventId ?? said(HEADER.eventId) ?? positionEventId(record);
  const filled = eventFromJson(topic, json, {
    eventType: old?.eventType ?? said(HEADER.eventType),
    eventId,
    timestamp: () => old?.timestamp ?? firstFailure,
    source: old?.source ?? 'stream-manager',
    correlationId: old?.correlationId ?? said(HEADER.correlationId),
  });
  if (filled.eventId !== eventId) {
    throw new StreamError('REFUSED', `The eventId of ${id} is ${eventId}, and the patch has ${filled.eventId}.`, {
      next: 'A patch is the same event with another payload: leave the eventId out, or keep it',
    });
  }
  const event: EventOf = { ...filled, causationId: filled.causationId ?? old?.causationId ?? null };
  const made = await recordOf(codec, event);
  const own = new Set([...made.headers.map(([name]) => name), PATCHED_HEADER]);
  return {
    event,
    original: {
      key: made.key,
      value: made.value,
      headers: [
        ...made.headers,
        ...before.headers.filter(([name]) => !own.has(name)),
        [PATCHED_HEADER, Buffer.from(`${stamp.at} ${stamp.by}`)],
      ],
    },
    owner: shape === 'connect' ? undefined : tagOf({ topic, partition, key: made.key }, event),
  };
};

const eventIn = async (record: InboundRecord, codec: Codec): Promise<EventOf | undefined> => {
  try {
    return await codec.decode(record);
  } catch (error) {
    // That it is no event, or no valid one, is what the patch is for.
    if (error instanceof PermanentError) return undefined;
    throw error;
  }
};

/** @throws StreamError REFUSED when there is no record any more */
export const requireKept = async (letter: Letter, { objects }: Pick<LetterStores, 'objects'>): Promise<Kept> => {
  const kept = await readKept(objects, letter.id);
  if (kept === undefined || !letter.redrivable) {
    throw new StreamError('REFUSED', `${letter.id} has no record that could be patched and put back.`);
  }
  return kept;
};

/**
 * Keeps the patched record as the letter's own, and the first one beside it. The object comes first: after a crash in
 * between the same patch is made once more.
 */
export const keepPatched = async (
  kept: Kept,
  { original, owner, event }: Patched,
  stamp: { readonly at: string; readonly by: string },
  { redis, objects }: Pick<LetterStores, 'redis' | 'objects'>,
): Promise<void> => {
  const unpatched = kept.unpatched ?? kept.original;
  const correlationId = event.correlationId ?? kept.correlationId;
  await keepLetter(objects, { ...kept, original, unpatched, owner, correlationId });
  await setPatched(redis, kept.letter.id, owner, stamp);
  const place = placeOfLetter(kept.letter.id);
  if (place === undefined || owner === undefined || !isTopicName(place.topic)) return;
  // With another key it has another owner, who has not heard of it.
  const entry = await entryFor(redis, { ...place, topic: place.topic, tag: owner });
  await markDeadLettered(redis, entryOf(place.topic), entry);
};
