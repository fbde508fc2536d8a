import type { TemplateData, TemplateName } from '../../lib/catalog/index.ts';
import { type Effect, notifiedInAppAndByEmail } from '../../lib/consumer/index.ts';
import type { EventOf } from '../../lib/events/index.ts';

/** A batch is done: once a batch, whatever event says it. */
export const batchCompleted = ({ payload }: EventOf<'bulk.qr.generation.completed'>): Effect => {
  const { userId, batchId, itemCount, succeeded, failed } = payload;
  const data: TemplateData<'batch-ready'> = {
    batchId,
    itemCount: String(itemCount),
    succeeded: String(succeeded),
    failed: String(failed),
  };
  const dedupeKey = keyOf('batch-ready', batchId);
  return { events: notifiedInAppAndByEmail({ userId, template: 'batch-ready', data, dedupeKey }) };
};

/** A batch could not be made: once a batch, as its reason is told by the update stream each time. */
export const batchFailed = ({ payload }: EventOf<'bulk.qr.generation.failed'>): Effect => {
  const { userId, batchId, reason } = payload;
  const data: TemplateData<'batch-failed'> = { batchId, reason };
  const dedupeKey = keyOf('batch-failed', batchId);
  return { events: notifiedInAppAndByEmail({ userId, template: 'batch-failed', data, dedupeKey }) };
};

const keyOf = (template: TemplateName, batchId: string): string => `${template}/${batchId}`;
