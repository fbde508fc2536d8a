import type { FunctionSettings } from './topic.ts';

/** How an environment is backed up. */
export interface BackupSettings {
  /** Minutes after which a backup is followed by the next; the most that is lost is what came since, and while it was made. */
  readonly everyMinutes: number;
  /** Days after which one stands alone again instead of building on the one before. */
  readonly fullAfterDays: number;
  /** Days for which each can be restored. */
  readonly keepDays: number;
  /**
   * Whether the keys of the cache are in it. They are read anew each time, within one call of the function, which holds for
   * some ten gigabytes; beyond that the cache's own daily snapshots have to do.
   */
  readonly withCache: boolean;
}

/**
 * The function that makes backups in AWS; a laptop has the command. It is called more often than backups are due: a call ends
 * before Lambda ends it, and the next one goes on with what is not whole.
 */
export const BACKUP = {
  name: 'backup',
  /** Module that exports `handler`, from the project folder. */
  entry: 'lib/operations/backup/function.ts',
  callEveryMinutes: 15,
  // Two files of each of a hundred partitions wait in memory; half of it is for compressing beside reading.
  function: { memoryMb: 2_048, timeoutSeconds: 840, reservedConcurrency: 1 },
} as const satisfies {
  readonly name: string;
  readonly entry: string;
  readonly callEveryMinutes: number;
  readonly function: FunctionSettings;
};

/**
 * What the user may do as whom the cache is read: commands that read, also in a script, and those by which a client finds its
 * way (an access string as ElastiCache and Redis know it).
 */
export const CACHE_READER_ACCESS = 'on ~* &* -@all +@read +@connection +@transaction +eval +info +cluster';

/** Where in their bucket backups lie. */
export const BACKUP_PREFIX = 'qr/';
