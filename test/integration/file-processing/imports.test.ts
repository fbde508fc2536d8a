import { afterAll, describe, expect, it } from 'vitest';
import { closeConnections } from '../../../lib/consumer/index.ts';
import { TransientError } from '../../../lib/errors.ts';
import { entitlementsKey } from '../../../lib/stores/entitlements.ts';
import { isBookkeeping } from '../../support/bookkeeping.ts';
import { testStack } from '../../support/stack.ts';
import { simpleXlsx } from '../../support/xlsx.ts';
import { fileWorld } from './world.ts';

const { settings } = testStack();
const { connections, deliver, deliverWith, reasons, redis, objects, upload } = fileWorld(settings);
afterAll(() => closeConnections(connections));

const DONE = { batchItemFailures: [] };
const CSV = 'Nr;Ziel;Name\n1;https://example.com/ä;Ä\n2;;\n3;https://example.com/3;C\n';
const itemsOf = async (fileId: string) => (await objects.get(`batches/import-${fileId}/items.ndjson`))?.toString();

describe('an import', () => {
  it('becomes a batch of its valid rows, with a report of the others, and its user is told', async () => {
    const file = await upload('csv-import', Buffer.from(CSV, 'latin1'), {
      columns: { data: 'Ziel' },
      priority: 'high',
    });
    const { fileId, userId } = file;
    expect(await deliver(file.event)).toEqual(DONE);
    expect(await itemsOf(fileId)).toBe(
      '{"id":"1","data":"https://example.com/ä","label":"Ä"}\n{"id":"3","data":"https://example.com/3","label":"C"}\n',
    );
    const batchId = `import-${fileId}`;
    const report = `files/${userId}/${fileId}/row-errors.csv`;
    expect((await objects.get(report))?.toString()).toBe('\ufeffline,id,reason\r\n3,2,data is missing\r\n');
    expect(await file.batchRequests()).toEqual([
      {
        batchId,
        userId,
        templateId: 'template-1',
        itemCount: 2,
        priority: 'high',
        correlationId: `request-${fileId}`,
        causationId: file.event.eventId,
      },
    ]);
    const result = {
      fileId,
      userId,
      purpose: 'csv-import',
      status: 'processed',
      contentType: 'text/csv',
      outputs: [report],
    };
    const counts = { batchId, rows: 2, rowErrors: 1 };
    expect(await file.results()).toEqual([{ ...result, ...counts, reason: null }]);
    expect(await file.updates()).toEqual([{ type: 'file.processed', ...result, ...counts }]);
    expect(await file.notifications()).toMatchObject([
      {
        channel: 'in-app',
        template: 'import-ready',
        data: { fileName: 'mine.bin', batchId, rows: '2', rowErrors: '1' },
      },
    ]);
  });

  it('of an Excel workbook does the same', async () => {
    const file = await upload(
      'csv-import',
      simpleXlsx([
        ['id', 'url'],
        ['1', 'https://a'],
        ['2', 'https://b'],
      ]),
    );
    expect(await deliver(file.event)).toEqual(DONE);
    expect(await itemsOf(file.fileId)).toBe('{"id":"1","data":"https://a"}\n{"id":"2","data":"https://b"}\n');
    expect(await file.batchRequests()).toMatchObject([{ itemCount: 2, priority: 'normal' }]);
  });

  it('that is replayed makes the same batch: once, and no other', async () => {
    const file = await upload('csv-import', 'id,data\n1,a\n');
    await deliver(file.event);
    await deliver(file.event);
    // As if the first delivery had died before it could say that it was done.
    await redis.del(...(await redis.keys(`*{${file.fileId}}:*`)).filter(isBookkeeping));
    await deliver(file.event);
    expect(await file.batchRequests()).toHaveLength(1);
    expect(await file.results()).toHaveLength(1);
    expect(await file.notifications()).toHaveLength(1);
    const updates = await redis.xrange(`updates:${file.userId}`, '-', '+');
    const ids = updates.filter(([, fields]) => fields[1] === 'file.processed').map(([, fields]) => fields[3]);
    expect(new Set(ids).size).toBe(1);
  });

  it('of more rows than the plan allows is refused', async () => {
    const lines = Array.from({ length: 1_001 }, (_, i) => `${i},x\n`).join('');
    const file = await upload('csv-import', `id,data\n${lines}`);
    await redis.hset(entitlementsKey(file.userId), 'plan', 'free', 'seats', 1);
    expect(await deliver(file.event)).toEqual(DONE);
    const reason = 'The file has more than 1000 rows, and the plan free allows no more in one batch.';
    expect(await file.results()).toMatchObject([{ status: 'rejected', reason }]);
    expect(await file.batchRequests()).toEqual([]);
    expect(await itemsOf(file.fileId)).toBeUndefined();
  });

  it('without a single valid row is refused, with its report', async () => {
    const file = await upload('csv-import', 'id,data\n1,\n');
    await deliver(file.event);
    expect(await file.results()).toMatchObject([
      {
        status: 'rejected',
        reason: 'None of its 1 rows can be used; line 2: data is missing.',
        outputs: [`files/${file.userId}/${file.fileId}/row-errors.csv`],
      },
    ]);
    expect(await file.notifications()).toMatchObject([{ template: 'file-rejected', channel: 'in-app' }]);
    expect(await itemsOf(file.fileId)).toBeUndefined();
  });

  it('without a template is a dead letter', async () => {
    const file = await upload('csv-import', 'id,data\n1,a\n', { templateId: null });
    expect(await deliver(file.event)).toEqual(DONE);
    expect(await reasons(file.fileId)).toEqual([
      `The upload of file ${file.fileId} names no templateId, which an import needs.`,
    ]);
  });

  it('waits while the object store fails, and is done once when it is back', async () => {
    const file = await upload('csv-import', 'id,data\n1,a\n');
    const down = () => Promise.reject(new TransientError('OBJECT_STORE_UNAVAILABLE', 'down'));
    for (const broken of [{ head: down }, { getStream: down }, { upload: down }]) {
      const { batchItemFailures } = await deliverWith({ objects: { ...objects, ...broken } }, file.event);
      expect(batchItemFailures).toHaveLength(1);
    }
    expect(await file.updates()).toEqual([]);
    expect(await deliver(file.event)).toEqual(DONE);
    expect(await file.batchRequests()).toHaveLength(1);
  });
});
