import { randomUUID } from 'node:crypto';
import { FILE_HANDLERS } from '../../../handlers/file-processing/handlers.ts';
import { createConsumer } from '../../../lib/consumer/index.ts';
import { type EventInputs, type EventOf, eventOf } from '../../../lib/events/index.ts';
import { readTopic } from '../../../lib/operations/reader.ts';
import type { Settings } from '../../../lib/settings.ts';
import { updatesKey } from '../../../lib/stores/updates.ts';
import { uploadsFolder } from '../../../lib/stores/user-files.ts';
import { deliveryTo } from '../../support/delivery.ts';

/** The consumer of file-processing on the real stores. */
export const fileWorld = (settings: Settings) => {
  const delivery = deliveryTo(
    'file-processing',
    (options) => createConsumer('file-processing', FILE_HANDLERS, options),
    settings,
  );
  const { connections } = delivery;
  const { redis, objects } = connections;

  /** Events of a topic that are about a user, each id once. */
  const published = async (topic: 'bulk-qr-processing' | 'notifications' | 'file-processing', userId: string) => {
    const found = new Map<string, EventOf>();
    const decoding: Promise<void>[] = [];
    await readTopic(settings, topic, { from: 'beginning', untilEnd: true }, (record) => {
      decoding.push(
        connections.publisher.codec.decode(record).then((event) => {
          if ('userId' in event.payload && event.payload.userId === userId) found.set(event.eventId, event);
        }),
      );
    });
    await Promise.all(decoding);
    return [...found.values()];
  };

  /** A user with one uploaded file. */
  const upload = async (
    purpose: string,
    content: Buffer | string | undefined,
    more: Partial<EventInputs['file.uploaded']> = {},
  ) => {
    const [fileId, userId] = [randomUUID(), randomUUID()];
    const key = `${uploadsFolder(userId)}${fileId}`;
    if (content !== undefined) await objects.put(key, content);
    const payload = { fileId, userId, key, purpose, fileName: 'mine.bin', templateId: 'template-1', ...more };
    const event = eventOf('file.uploaded', payload, { source: 'test', correlationId: `request-${fileId}` });
    const caused = async (topic: Parameters<typeof published>[0]) =>
      (await published(topic, userId)).filter(({ causationId }) => causationId === event.eventId);
    return {
      fileId,
      userId,
      key,
      event,
      /** Ours: the functions of the stack work the batch that an import asks for, and tell of it as well. */
      updates: async () =>
        (await redis.xrange(updatesKey(userId), '-', '+')).flatMap(([, fields]): Record<string, unknown>[] => {
          const at = fields.indexOf('data');
          return fields[1] === 'file.processed' ? [{ type: fields[1], ...JSON.parse(fields[at + 1] ?? '{}') }] : [];
        }),
      batchRequests: async () =>
        (await caused('bulk-qr-processing')).map(({ payload: made, correlationId, causationId }) => ({
          ...made,
          correlationId,
          causationId,
        })),
      notifications: async () => (await caused('notifications')).map(({ payload: made }) => made),
      results: async () => (await caused('file-processing')).map(({ payload: made }) => made),
    };
  };
  return { ...delivery, redis, objects, upload };
};
