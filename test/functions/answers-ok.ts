import type { Context, MSKEvent } from 'aws-lambda';
import { note } from './diary.ts';

/** Processes everything and answers as many functions do that nobody asked which records failed. */
export const handler = async (event: MSKEvent, context: Context): Promise<string> => {
  await note(event, context);
  return 'OK';
};
