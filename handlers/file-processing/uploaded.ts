import { idFault } from '../../lib/batches/keys.ts';
import type { EventHandler, HandlerContext } from '../../lib/consumer/index.ts';
import { PermanentError } from '../../lib/errors.ts';
import type { EventPayloads } from '../../lib/events/index.ts';
import { isInFolder, uploadsFolder } from '../../lib/stores/user-files.ts';
import { CONTENT_TYPES, contentTypeOf, HEAD_BYTES } from './content-type.ts';
import { processedEffect, rejectedEffect } from './effects.ts';
import { isImageType } from './images/header.ts';
import { processPicture } from './images/picture.ts';
import { isPicturePurpose } from './images/variants.ts';
import { importTable } from './imports/csv-import.ts';
import { batchOf } from './keys.ts';
import { checkDocument } from './pdf/document.ts';
import { byteLimit, inMib, isPurpose, PURPOSES, type PurposeName } from './purposes.ts';
import { FileRefused } from './refused.ts';
import { processSvg } from './svg/svg-file.ts';
import type { FileWork, Processed } from './work.ts';

type File = EventPayloads['file.uploaded'];

/**
 * `file.uploaded`: looks at what the file is, and makes of it what its purpose asks for. A file that our rules do not take
 * is a result that the user is told; a message that cannot be right is a dead letter.
 */
export const fileUploaded: EventHandler<'file.uploaded'> = async (event, context) => {
  const file = event.payload;
  const purpose = checked(file);
  try {
    const work = await accepted(file, purpose, context);
    return processedEffect(file, await processed(work, purpose, context));
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return rejectedEffect(file, error);
  }
};

/** @throws PermanentError for what whoever published the event has got wrong */
const checked = (file: File): PurposeName => {
  const { fileId, userId, key, purpose } = file;
  const fault = userId === '' ? 'userId is empty' : (idFault('fileId', fileId) ?? idFault('batchId', batchOf(file)));
  if (fault !== undefined) throw new PermanentError('INVALID_EVENT', `The upload cannot be worked: ${fault}.`);
  if (!isPurpose(purpose)) {
    throw new PermanentError(
      'INVALID_EVENT',
      `File ${fileId} was uploaded for an unknown purpose, ${JSON.stringify(purpose)}; known are ${Object.keys(PURPOSES).join(', ')}.`,
    );
  }
  if (!isInFolder(key, uploadsFolder(userId))) {
    throw new PermanentError('RULE_VIOLATED', `File ${fileId} lies outside of the uploads folder of its user.`, {
      next: 'Uploads of a user lie under uploads/ and their encoded userId, see lib/stores/user-files.ts',
    });
  }
  return purpose;
};

/** Looks at type and size. */
const accepted = async (file: File, purpose: PurposeName, { objects }: HandlerContext): Promise<FileWork> => {
  const info = await objects.head(file.key);
  if (info === undefined) {
    throw new PermanentError('NOT_FOUND', `The object of file ${file.fileId} is not there.`, {
      next: 'Upload the file again; the event is to be published when the upload is complete',
    });
  }
  const { bytes } = info;
  if (bytes === 0) throw new FileRefused('The file is empty.');
  const head = await objects.getRange(file.key, 0, Math.min(HEAD_BYTES, bytes));
  const type = contentTypeOf(head ?? Buffer.alloc(0));
  const limit = byteLimit(purpose, type);
  if (limit === undefined) {
    throw new FileRefused(`The file is ${CONTENT_TYPES[type]}; upload ${PURPOSES[purpose].wanted}.`);
  }
  if (bytes > limit) throw new FileRefused(`The file has ${inMib(bytes)}; ${inMib(limit)} is the limit.`);
  return { file, type, bytes };
};

const processed = async (work: FileWork, purpose: PurposeName, context: HandlerContext): Promise<Processed> => {
  if (purpose === 'csv-import') return importTable(work, context);
  const { file, type } = work;
  const content = await context.objects.get(file.key);
  if (content === undefined) throw new PermanentError('NOT_FOUND', `The object of file ${file.fileId} is not there.`);
  if (!isPicturePurpose(purpose)) return checkDocument(work, content);
  if (isImageType(type)) return processPicture(work, type, purpose, content, context);
  return processSvg(work, content, context);
};
