import type { Context, MSKEvent } from 'aws-lambda';
import { failuresOf, note } from './diary.ts';

/** Reports the records that are to fail, and works the others. */
export const handler = async (event: MSKEvent, context: Context): Promise<object> => ({
  batchItemFailures: (await failuresOf(await note(event, context))).map(({ topic, partition, offset }) => ({
    itemIdentifier: { partition: `${topic}-${partition}`, offset },
  })),
});
