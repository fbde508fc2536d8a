import { BATCH_LIMITS } from './limits.ts';

/** Folder of everything that lies in object storage of a batch. */
export const batchFolder = (batchId: string): string => `batches/${batchId}/`;

/** Where the items of a batch are put before it is requested: one of the two. */
export const itemsKeys = (batchId: string) => ({
  ndjson: `${batchFolder(batchId)}items.ndjson`,
  csv: `${batchFolder(batchId)}items.csv`,
});

/**
 * Why an id cannot be part of an object key, or undefined when it can. Letters, digits and `-_.:@` only: no slash, no
 * `..`, nothing that a browser, a shell or a signed URL would read otherwise.
 */
export const idFault = (field: string, id: string): string | undefined => {
  if (id === '') return `${field} is empty`;
  if (id.length > BATCH_LIMITS.idLength) return `${field} is longer than ${BATCH_LIMITS.idLength} characters`;
  if (!/^[A-Za-z0-9_.:@-]+$/.test(id)) return `${field} may hold only letters, digits and - _ . : @`;
  if (id.includes('..') || id === '.') return `${field} may not hold ".."`;
  return undefined;
};
