/** One item cannot become a code: it stands in errors.csv with this message, and the batch goes on. */
export class ItemError extends Error {
  override readonly name = 'ItemError';
}
