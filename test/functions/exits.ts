import type { Context, MSKEvent } from 'aws-lambda';
import { failuresOf, note } from './diary.ts';

/** Ends its process in the middle of a batch with a record that is to fail. */
export const handler = async (event: MSKEvent, context: Context): Promise<void> => {
  if ((await failuresOf(await note(event, context))).length > 0) process.exit(3);
};
