import { type Handlers, ignore } from '../../lib/consumer/index.ts';
import { fileUploaded } from './uploaded.ts';

/** `file.processed` is our own word to others. */
export const FILE_HANDLERS: Handlers<'file-processing'> = {
  'file.uploaded': fileUploaded,
  'file.processed': ignore,
};
