import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { type EventInputs, type EventOf, eventOf, openPublisher } from '../../lib/events/index.ts';
import { readTopic } from '../../lib/operations/reader.ts';
import { openObjects } from '../../lib/stores/objects.ts';
import { uploadsFolder } from '../../lib/stores/user-files.ts';
import { decodedCodes, finishedBatch, zipFiles } from '../support/bulk-batch.ts';
import { pngOf, redAndBlue } from '../support/pictures.ts';
import { testStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const { settings } = testStack();
const objects = openObjects(settings);
const publisher = openPublisher(settings, { clientId: 'qr-test' });
afterAll(async () => {
  objects.close();
  await publisher.close();
});

const userId = `user-${randomUUID()}`;
const correlationId = `request-${randomUUID()}`;

/** Does what a service does for a user who uploads a file; gives the file's id. */
const upload = async (content: Buffer | string, more: Partial<EventInputs['file.uploaded']>): Promise<string> => {
  const fileId = randomUUID();
  const key = `${uploadsFolder(userId)}${fileId}`;
  await objects.put(key, content);
  const payload = { fileId, userId, key, purpose: 'csv-import', ...more };
  await publisher.publish(eventOf('file.uploaded', payload, { source: 'test', correlationId }));
  return fileId;
};

/** What has been published on notifications because of it, once there are so many. */
const told = (count: number): Promise<EventOf[]> =>
  until('the user is told', async () => {
    const events: Promise<EventOf>[] = [];
    await readTopic(settings, 'notifications', { from: 'beginning', untilEnd: true }, (record) => {
      events.push(publisher.codec.decode(record));
    });
    const mine = (await Promise.all(events)).filter((event) => event.correlationId === correlationId);
    return mine.length >= count ? mine : undefined;
  });

it('an uploaded logo and an uploaded CSV file become a zip of codes with that logo, and their user is told', async () => {
  const logoId = await upload(pngOf(redAndBlue(200, 200)), { purpose: 'logo' });
  const logo = `files/${userId}/${logoId}/logo-256.png`;
  await until('the logo is there', async () => (await objects.head(logo)) !== undefined);
  const templateId = `template-${randomUUID()}`;
  await objects.put(`templates/${templateId}.json`, JSON.stringify({ size: 300, logo: { key: logo } }));

  const csv = 'Artikel;Ziel\r\nA-1;https://example.com/a\r\nA-2;\r\nA-3;https://example.com/ä\r\n';
  const fileId = await upload(Buffer.from(csv, 'latin1'), { templateId, columns: { id: 'Artikel', data: 'Ziel' } });
  const batch = await finishedBatch(settings, `import-${fileId}`);
  expect(batch).toMatchObject({ userId, state: 'completed', total: 2, done: 2, failed: 0 });
  const codes = decodedCodes(await zipFiles(settings, batch.zipKey ?? ''));
  expect(Object.fromEntries(codes)).toEqual({ 'A-1': 'https://example.com/a', 'A-3': 'https://example.com/ä' });

  const events = await told(2);
  const imported = events.find((event) => event.eventType === 'notification.requested');
  expect(imported?.payload).toMatchObject({ template: 'import-ready', data: { rows: '2', rowErrors: '1' } });
  const completed = events.find((event) => event.eventType === 'bulk.qr.generation.completed');
  expect(completed?.payload).toMatchObject({ batchId: batch.batchId, userId, succeeded: 2 });
});
