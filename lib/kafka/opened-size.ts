/**
 * A batch opens to no more than this: a few kilobytes can be made to fill any memory. Brokers take a megabyte, compressed;
 * what real records make of it is a hundredth of this limit.
 */
export const MAX_OPENED_BYTES = 128 * 1024 * 1024;

/** Thrown by a codec where a batch opens to more. */
export const tooLarge = (): RangeError => new RangeError(`it opens to more than ${MAX_OPENED_BYTES / 1024 / 1024} MiB`);
