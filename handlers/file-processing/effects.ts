import { type Effect, type FollowUp, notified } from '../../lib/consumer/index.ts';
import type { EventPayloads } from '../../lib/events/index.ts';
import type { FileRefused } from './refused.ts';
import type { Processed } from './work.ts';

type File = EventPayloads['file.uploaded'];

/** Where users read their notifications: an import takes seconds, and whoever started it is still there. */
const told = { channel: 'in-app' } as const;

const nameOf = ({ fileName, purpose }: File): string => fileName ?? `your ${purpose} file`;

/** What a file that could be used comes to. */
export const processedEffect = (file: File, processed: Processed): Effect => {
  const { contentType, outputs, import: made, events = [] } = processed;
  return resultOf(file, { status: 'processed', contentType, outputs, ...made }, [
    ...events,
    ...(made === undefined ? [] : [importReady(file, made)]),
  ]);
};

/** What a file that was refused comes to. */
export const rejectedEffect = (file: File, { message: reason, outputs }: FileRefused): Effect => {
  const { fileId, userId } = file;
  const data = { fileName: nameOf(file), reason };
  const notification = notified({
    userId,
    ...told,
    template: 'file-rejected',
    data,
    dedupeKey: `file-rejected/${fileId}`,
  });
  return resultOf(file, { status: 'rejected', reason, outputs }, [notification]);
};

const importReady = (file: File, { batchId, rows, rowErrors }: NonNullable<Processed['import']>): FollowUp =>
  notified({
    userId: file.userId,
    ...told,
    template: 'import-ready',
    data: { fileName: nameOf(file), batchId, rows: String(rows), rowErrors: String(rowErrors) },
    dedupeKey: `import-ready/${file.fileId}`,
  });

type Result = Omit<Extract<FollowUp, { type: 'file.processed' }>['payload'], 'fileId' | 'userId' | 'purpose'>;

const resultOf = ({ fileId, userId, purpose }: File, result: Result, events: readonly FollowUp[]): Effect => {
  const payload = { fileId, userId, purpose, ...result };
  return {
    events: [...events, { type: 'file.processed', name: fileId, payload }],
    updates: [{ userId, type: 'file.processed', data: payload }],
  };
};
