import { PermanentError } from '../../lib/errors.ts';

/** How new something is: its version counts, and between equal versions the time. */
export interface Version {
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** Whether `one` says something newer than `other`. The same version at the same time is a duplicate, and not newer. */
export const isNewer = (one: Version, other: Version): boolean =>
  one.version === other.version ? one.updatedAt > other.updatedAt : one.version > other.version;

/**
 * Milliseconds since 1970 of a time in a payload.
 *
 * @param field its name, for the reason of a dead letter
 * @throws PermanentError INVALID_EVENT when it is no time
 */
export const timeOf = (field: string, text: string): number => {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new PermanentError('INVALID_EVENT', `${field} must be a time in ISO 8601, not ${JSON.stringify(text)}.`);
  }
  return time;
};

/** @throws PermanentError INVALID_EVENT when `updatedAt` is no time */
export const versionOf = (payload: { readonly version: number; readonly updatedAt: string }): Version => ({
  version: payload.version,
  updatedAt: timeOf('updatedAt', payload.updatedAt),
});
