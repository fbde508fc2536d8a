import { timeOf } from '../../lib/events/index.ts';

/** How new something is: its version counts, and between equal versions the time. */
export interface Version {
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** Whether `one` says something newer than `other`. The same version at the same time is a duplicate, and not newer. */
export const isNewer = (one: Version, other: Version): boolean =>
  one.version === other.version ? one.updatedAt > other.updatedAt : one.version > other.version;

/** @throws PermanentError INVALID_EVENT when `updatedAt` is no time */
export const versionOf = (payload: { readonly version: number; readonly updatedAt: string }): Version => ({
  version: payload.version,
  updatedAt: timeOf('updatedAt', payload.updatedAt),
});
