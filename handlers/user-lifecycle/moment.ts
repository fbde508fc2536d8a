import { PermanentError } from '../../lib/errors.ts';

/**
 * A moment in the form in which moments are kept and compared: ISO 8601, UTC.
 *
 * @param field the field it stands in, for the message
 * @throws PermanentError INVALID_EVENT when it is none
 */
export const momentOf = (text: string, field: string): string => {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new PermanentError('INVALID_EVENT', `${field} must be a time in ISO 8601, not ${JSON.stringify(text)}.`);
  }
  return new Date(time).toISOString();
};
