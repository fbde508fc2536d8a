import { timeOf } from '../../lib/events/index.ts';

/**
 * A moment in the form in which moments are kept and compared: ISO 8601, UTC.
 *
 * @param field the field it stands in, for the message
 * @throws PermanentError INVALID_EVENT when it is none
 */
export const momentOf = (text: string, field: string): string => new Date(timeOf(field, text)).toISOString();
