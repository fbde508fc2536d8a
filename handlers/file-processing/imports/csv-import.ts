import { itemsKeys } from '../../../lib/batches/keys.ts';
import { BATCH_LIMITS } from '../../../lib/batches/limits.ts';
import type { HandlerContext } from '../../../lib/consumer/index.ts';
import { PermanentError } from '../../../lib/errors.ts';
import type { EventPayloads } from '../../../lib/events/index.ts';
import { readEntitlements } from '../../../lib/stores/entitlements.ts';
import { batchOf, outputKey } from '../keys.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { FileRefused } from '../refused.ts';
import type { FileWork, Processed } from '../work.ts';
import { xlsxRows } from '../xlsx/xlsx-rows.ts';
import { csvRows } from './csv-rows.ts';
import { type ImportOptions, itemLines, type Tally } from './item-lines.ts';
import { reportOf } from './report.ts';
import type { Table } from './row.ts';

/**
 * Purpose `csv-import`: the rows of a table become the items of a batch, which is requested. Rows that cannot be used stand
 * in a report; where none can, there is no batch.
 *
 * @throws PermanentError INVALID_EVENT when nobody has said with which template
 */
export const importTable = async (work: FileWork, context: HandlerContext): Promise<Processed> => {
  const { file, type } = work;
  if (file.templateId === null) {
    throw new PermanentError(
      'INVALID_EVENT',
      `The upload of file ${file.fileId} names no templateId, which an import needs.`,
    );
  }
  const isWorkbook = type === 'application/zip';
  const run = (): Promise<Processed> => imported(work, isWorkbook, file.templateId ?? '', context);
  // A workbook's shared texts are held in memory.
  return isWorkbook ? oneAtATime(run) : run();
};

const imported = async (
  { file, bytes }: FileWork,
  isWorkbook: boolean,
  templateId: string,
  context: HandlerContext,
): Promise<Processed> => {
  const { objects } = context;
  const { fileId, userId, priority } = file;
  const batchId = batchOf(file);
  const key = itemsKeys(batchId).ndjson;
  const tally: Tally = { rows: 0, rowErrors: 0, errors: [] };
  const table = isWorkbook
    ? { rows: xlsxRows(objects, file.key, bytes), strictWidth: false }
    : await csvTable(file, context);
  const lines = itemLines(table, await optionsOf(file, context), tally);
  await objects.upload(key, lines, { contentType: 'application/x-ndjson' });
  const { rows, rowErrors } = tally;
  const report = outputKey(file, 'row-errors.csv');
  if (rowErrors > 0) await objects.put(report, reportOf(tally), { contentType: 'text/csv; charset=utf-8' });
  const outputs = rowErrors > 0 ? [report] : [];
  if (rows === 0) {
    await objects.delete([key]);
    const [first] = tally.errors;
    throw new FileRefused(
      first === undefined
        ? 'The file has a header and no rows.'
        : `None of its ${rowErrors} rows can be used; line ${first.line}: ${first.reason}.`,
      outputs,
    );
  }
  return {
    contentType: isWorkbook ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : 'text/csv',
    outputs,
    import: { batchId, rows, rowErrors },
    events: [
      {
        type: 'bulk.qr.generation.requested',
        name: `import/${fileId}`,
        payload: { batchId, userId, templateId, itemCount: rows, priority },
      },
    ],
  };
};

type File = EventPayloads['file.uploaded'];

const csvTable = async ({ key, fileId }: File, { objects }: HandlerContext): Promise<Table> => {
  const stream = await objects.getStream(key);
  if (stream === undefined) throw new PermanentError('NOT_FOUND', `The object of file ${fileId} is no longer there.`);
  return { rows: csvRows(stream), strictWidth: true };
};

const optionsOf = async ({ userId, columns }: File, { redis, signal }: HandlerContext): Promise<ImportOptions> => {
  const plan = await readEntitlements(redis, userId);
  const maxRows =
    plan !== undefined && plan.batchItems < BATCH_LIMITS.items
      ? { count: plan.batchItems, because: `the plan ${plan.plan} allows no more in one batch` }
      : { count: BATCH_LIMITS.items, because: 'a batch takes no more' };
  return { mapping: columns, maxRows, signal };
};
