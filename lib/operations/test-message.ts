import { topic as entryOf, eventTypesOf, isTopicName } from '../catalog/index.ts';
import { StreamError } from '../errors.ts';
import {
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

/**
 * Publishes one message. On a topic of the catalog with event types it is made an event, checked and encoded; on any other
 * topic the JSON is sent as it stands.
 *
 * @throws PermanentError UNDECODABLE, INVALID_EVENT, UNKNOWN_EVENT_TYPE; StreamError NOT_FOUND; TransientError BROKER_UNAVAILABLE
 */
export const sendTestMessage = async (
  settings: Settings,
  { topic, json, key, headers = {} }: TestMessage,
): Promise<Sent> => {
  // What is wrong with the message itself is told even while no broker answers.
  const event = hasEventTypes(topic)
    ? eventFromJson(topic, json, {
        eventType: headers[HEADER.eventType],
        source: SOURCE,
        correlationId: headers[HEADER.correlationId],
      })
    : undefined;
  if (event === undefined) requireJson(json);
  await withAdmin(settings, (admin) => requireTopic(admin, topic));
  const publisher = openPublisher(settings, { clientId: SOURCE, retries: 2 });
  try {
    const made: RawRecord =
      event === undefined
        ? {
            topic,
            key: null,
            value: Buffer.from(json),
            headers: [[HEADER.contentType, Buffer.from('application/json')]],
          }
        : await recordOf(publisher.codec, event);
    const own = new Set(made.headers.map(([name]) => name));
    const record: RawRecord = {
      ...made,
      key: key === undefined ? made.key : Buffer.from(key),
      headers: [
        ...made.headers,
        ...Object.entries(headers).flatMap(([name, value]) =>
          own.has(name) ? [] : [[name, Buffer.from(value)] as const],
        ),
      ],
    };
    const [published] = await publisher.publishRaw([record]);
    if (published === undefined) throw new StreamError('SERVICE_FAILED', 'The message was not published.');
    return { ...published, key: record.key?.toString() ?? null, event };
  } finally {
    await publisher.close();
  }
};

const hasEventTypes = (topic: string): boolean => isTopicName(topic) && eventTypesOf(entryOf(topic)).length > 0;

const requireJson = (text: string): void => {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new StreamError('UNDECODABLE', `It is not valid JSON: ${error instanceof Error ? error.message : ''}.`);
  }
};
