import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, MSKEvent } from 'aws-lambda';
import { note } from './diary.ts';

/** Works everything, as slowly as it is told to, and answers nothing. */
export const handler = async (event: MSKEvent, context: Context): Promise<void> => {
  const records = await note(event, context);
  const delayMs = Math.max(0, ...records.map(({ value }) => value.delayMs ?? 0));
  if (delayMs > 0) await sleep(delayMs);
};
