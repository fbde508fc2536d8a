import type { Context, MSKEvent } from 'aws-lambda';
import { failuresOf, note } from './diary.ts';

/** Fails as a whole when one record of the batch is to fail. */
export const handler = async (event: MSKEvent, context: Context): Promise<void> => {
  const failed = await failuresOf(await note(event, context));
  if (failed.length > 0) throw new RangeError(`cannot work ${failed.length} record(s)`);
};
