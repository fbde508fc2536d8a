import { topic as entryOf, eventTypesOf, isTopicName } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import {
  type Codec,
  type EventOf,
  eventFromJson,
  HEADER,
  openPublisher,
  type Published,
  type RawRecord,
  recordOf,
} from '../events/index.ts';
import type { Settings } from '../settings.ts';
import { withAdmin } from './cluster.ts';
import { requireTopic } from './topic-name.ts';

/** A message somebody types. */
export interface TestMessage {
  readonly topic: string;
  /** JSON of an event, or of a bare payload. */
  readonly json: string;
  /** Overrides the key of the catalog's rule. */
  readonly key?: string | undefined;
  /** Beside those every event has; `event-type` chooses the type of a bare payload. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Sent extends Published {
  readonly key: string | null;
  /** The event as it was published; undefined when the JSON went as it stands. */
  readonly event: EventOf | undefined;
}

/** Who the envelope says has published it. */
const SOURCE = 'stream-manager';

/** More records than a publisher sends at once would only wait in its queue. */
const AT_ONCE = 500;

interface Made {
  readonly record: RawRecord;
  readonly event: EventOf | undefined;
}

/** @throws PermanentError UNDECODABLE, INVALID_EVENT, UNKNOWN_EVENT_TYPE */
const eventIn = ({ topic, json, headers = {} }: TestMessage): EventOf | undefined => {
  if (hasEventTypes(topic)) {
    return eventFromJson(topic, json, {
      eventType: headers[HEADER.eventType],
      source: SOURCE,
      correlationId: headers[HEADER.correlationId],
    });
  }
  requireJson(json);
  return undefined;
};

const recordFor = async (
  { topic, json, key, headers = {} }: TestMessage,
  event: EventOf | undefined,
  codec: Codec,
): Promise<Made> => {
  const made: RawRecord =
    event === undefined
      ? { topic, key: null, value: Buffer.from(json), headers: [[HEADER.contentType, Buffer.from('application/json')]] }
      : await recordOf(codec, event);
  const own = new Set(made.headers.map(([name]) => name));
  const more = Object.entries(headers).filter(([name]) => !own.has(name));
  const record: RawRecord = {
    ...made,
    key: key === undefined ? made.key : Buffer.from(key),
    headers: [...made.headers, ...more.map(([name, value]) => [name, Buffer.from(value)] as const)],
  };
  return { record, event };
};

/**
 * Publishes messages of one topic, in their order. On a topic of the catalog with event types each is made an event, checked and
 * encoded, before the first is published; on any other topic the JSON is sent as it stands.
 *
 * @param signal once it is aborted no more are sent than those under way
 * @returns those that were sent, from the first on
 * @throws PermanentError UNDECODABLE, INVALID_EVENT, UNKNOWN_EVENT_TYPE; StreamError NOT_FOUND; TransientError BROKER_UNAVAILABLE
 */
export const sendTestMessages = async (
  settings: Settings,
  messages: readonly TestMessage[],
  signal?: AbortSignal,
): Promise<readonly Sent[]> => {
  const [first] = messages;
  if (first === undefined) return [];
  // What is wrong with a message itself is told even while no broker answers.
  const events = messages.map(eventIn);
  await withAdmin(settings, (admin) => requireTopic(admin, first.topic));
  const publisher = openPublisher(settings, { clientId: SOURCE, retries: 2 });
  try {
    const made = await Promise.all(messages.map((message, i) => recordFor(message, events[i], publisher.codec)));
    const sent: Sent[] = [];
    for (let from = 0; from < made.length && signal?.aborted !== true; from += AT_ONCE) {
      const part = made.slice(from, from + AT_ONCE);
      const published = await publisher.publishRaw(part.map(({ record }) => record));
      for (const [i, { record, event }] of part.entries()) {
        const place = published[i];
        if (place === undefined) throw new StreamError('SERVICE_FAILED', 'A message was not published.');
        sent.push({ ...place, key: record.key?.toString() ?? null, event });
      }
    }
    return sent;
  } finally {
    await publisher.close();
  }
};

const hasEventTypes = (topic: string): boolean => isTopicName(topic) && eventTypesOf(entryOf(topic)).length > 0;

const requireJson = (text: string): void => {
  try {
    JSON.parse(text);
  } catch (error) {
    throw notJson('It', error);
  }
};

/**
 * The messages in a text: one JSON value, a JSON list of them, or one a line (JSON lines).
 *
 * @returns each as JSON again
 * @throws StreamError UNDECODABLE with the line that is no JSON
 */
export const messagesIn = (text: string): readonly string[] => {
  try {
    const whole: unknown = JSON.parse(text);
    return (Array.isArray(whole) ? whole : [whole]).map((each: unknown) => JSON.stringify(each));
  } catch (error) {
    const lines = text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [{ line, number: i + 1 }]));
    // One line that is no JSON is a message with a mistake, not a list of messages.
    if (lines.length < 2) throw notJson('It', error);
    return lines.map(({ line, number }) => {
      try {
        return JSON.stringify(JSON.parse(line));
      } catch (cause) {
        throw notJson(`Line ${number}`, cause);
      }
    });
  }
};

const notJson = (what: string, error: unknown): StreamError =>
  new StreamError('UNDECODABLE', `${what} is not valid JSON: ${error instanceof Error ? error.message : ''}.`);
