import { PermanentError } from '../../lib/errors.ts';
import type { ObjectStore } from '../../lib/stores/objects.ts';
import { filesFolder, isInFolder, uploadsFolder } from '../../lib/stores/user-files.ts';
import type { BatchRecord } from './batch-state.ts';
import { objectKeys, templateKey } from './keys.ts';
import { LIMITS } from './limits.ts';
import { checkSize, type Plan, parseItems, snapshotOf } from './plan.ts';
import { parseLogo } from './render/logo.ts';
import { parseTemplate, type Template } from './template.ts';
import { readPlan, writePlan } from './work-objects.ts';

/**
 * The plan of a batch: read back when this attempt has one, else made of its template and items and stored.
 *
 * @throws PermanentError TEMPLATE_INVALID or BATCH_INVALID with a reason for the requester
 */
export const makePlan = async (
  request: { readonly templateId: string; readonly itemCount: number },
  batch: BatchRecord,
  objects: ObjectStore,
): Promise<Plan> => {
  const { batchId, userId, priority, requestedAt, total, attempt } = batch;
  const [existing, template, items] = await Promise.all([
    readPlan(objects, batchId),
    readTemplate(objects, request.templateId),
    readItems(objects, batchId),
  ]);
  if (existing !== undefined && existing.attempt === attempt) return existing;
  const logo = await readLogo(objects, userId, template);
  const snapshot = snapshotOf(parseItems(items.format, items.bytes, request.itemCount), template);
  const plan: Plan = {
    attempt,
    batchId,
    userId,
    templateId: request.templateId,
    priority,
    requestedAt,
    total,
    rejected: snapshot.rejected.length,
    template,
    chunks: snapshot.chunks,
  };
  await writePlan(objects, plan, snapshot, logo);
  return plan;
};

const readTemplate = async (objects: ObjectStore, templateId: string): Promise<Template> => {
  const bytes = await objects.get(templateKey(templateId));
  if (bytes === undefined) {
    throw new PermanentError('TEMPLATE_INVALID', `There is no template ${templateId}`, {
      next: `Upload it as ${templateKey(templateId)} and request the batch again`,
    });
  }
  if (bytes.length > LIMITS.templateBytes) {
    throw new PermanentError('TEMPLATE_INVALID', `Template ${templateId} is larger than ${LIMITS.templateBytes} bytes`);
  }
  return parseTemplate(bytes.toString('utf8'), templateId);
};

const readItems = async (objects: ObjectStore, batchId: string) => {
  const keys = objectKeys(batchId);
  const [ndjson, csv] = await Promise.all([objects.head(keys.itemsNdjson), objects.head(keys.itemsCsv)]);
  if (ndjson !== undefined && csv !== undefined) {
    throw new PermanentError('BATCH_INVALID', 'There are both items.ndjson and items.csv: leave one', {
      next: `Delete ${keys.itemsNdjson} or ${keys.itemsCsv} and request the batch again`,
    });
  }
  const format = ndjson === undefined ? 'csv' : 'ndjson';
  const key = ndjson === undefined ? keys.itemsCsv : keys.itemsNdjson;
  // Asked before reading: a file past the limit may not fit into memory.
  checkSize(`items.${format}`, (ndjson ?? csv)?.bytes ?? 0);
  const bytes = (ndjson ?? csv) === undefined ? undefined : await objects.get(key);
  if (bytes === undefined) {
    throw new PermanentError('BATCH_INVALID', 'The batch has no items: neither items.ndjson nor items.csv is there', {
      next: `Upload ${keys.itemsNdjson} or ${keys.itemsCsv} and request the batch again`,
    });
  }
  return { format, bytes } as const;
};

/** Where logos may lie that templates of all users name. */
const SHARED_LOGOS = 'logos/';

/** The logo's file, checked, or undefined when the template has none. */
const readLogo = async (objects: ObjectStore, userId: string, { logo }: Template): Promise<Buffer | undefined> => {
  if (logo === undefined) return undefined;
  // A batch carries its logo out of the bucket: it must be one that its user may see.
  if (![SHARED_LOGOS, uploadsFolder(userId), filesFolder(userId)].some((folder) => isInFolder(logo.key, folder))) {
    throw new PermanentError('TEMPLATE_INVALID', `The template's logo is none of this user's files: ${logo.key}`, {
      next: `Name a file of theirs, under ${filesFolder(userId)} or ${uploadsFolder(userId)}, or a shared one under ${SHARED_LOGOS}`,
    });
  }
  const info = await objects.head(logo.key);
  if (info === undefined) {
    throw new PermanentError('TEMPLATE_INVALID', `The template's logo is not there: ${logo.key}`, {
      next: 'Upload the logo and request the batch again',
    });
  }
  if (info.bytes > LIMITS.logoBytes) {
    throw new PermanentError(
      'TEMPLATE_INVALID',
      `The template's logo is larger than ${LIMITS.logoBytes / 1024 / 1024} MiB`,
    );
  }
  const bytes = await objects.get(logo.key);
  if (bytes !== undefined) parseLogo(bytes);
  return bytes;
};
