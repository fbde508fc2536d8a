import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from '../../stores/redis.ts';
import { updatesKey } from '../../stores/updates.ts';
import { compareIds } from '../entry-id.ts';
import { gapText, updateText } from '../sse.ts';
import type { Connection } from './connection.ts';
import { newestId, type Page, readAfter } from './page.ts';

/** After how long a failed read is tried again, milliseconds. */
const RETRY_MS = 500;

/** The connections of one user. */
export interface UserFeed {
  readonly connections: Set<Connection>;
  /** Something may be there that they have not been given. */
  wake(): void;
}

/**
 * Gives the connections of a user what follows their cursors. Catching up and going on live are the same read, so that there is
 * no moment between them in which something could be missed or given twice. One read at a time: it begins at the connection
 * that is furthest behind, and the others pass over what they have.
 */
export const openUserFeed = (redis: Redis, userId: string): UserFeed => {
  const connections = new Set<Connection>();
  let isReading = false;
  let isAwake = false;

  /** @returns whether there may be more to read */
  const turn = async (): Promise<boolean> => {
    const ready = [...connections].filter((connection) => connection.hasRoom());
    const [first, ...others] = ready;
    if (first === undefined) return false;
    const from = others.reduce((low, { cursor }) => (compareIds(cursor, low) < 0 ? cursor : low), first.cursor);
    const page = await readAfter(redis, userId, from);
    if (!page.isWhole) await tellGap(ready, page);
    for (const entry of page.entries) give(ready, entry);
    return page.more;
  };

  /** To all whose last entry lies before what is left. */
  const tellGap = async (ready: readonly Connection[], { entries }: Page): Promise<void> => {
    const oldest = entries[0]?.[0];
    // Nothing is left of what followed: it goes on at the end, even where that lies before (a restored Redis).
    const end = oldest === undefined ? await newestId(redis, updatesKey(userId)) : undefined;
    for (const connection of ready) {
      if (oldest !== undefined && compareIds(connection.cursor, oldest) >= 0) continue;
      connection.send(gapText(connection.cursor, end));
      if (end !== undefined) connection.cursor = end;
    }
  };

  const run = async (): Promise<void> => {
    isReading = true;
    while (isAwake) {
      isAwake = false;
      try {
        if (await turn()) isAwake = true;
      } catch {
        // The store is gone for now: whoever reads waits, and misses nothing.
        isAwake = connections.size > 0;
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
    isReading = false;
  };

  return {
    connections,
    wake: () => {
      isAwake = true;
      if (!isReading) void run();
    },
  };
};

/** An entry, made into text once, to each connection that has not had it; one that is full stays where it is. */
const give = (ready: readonly Connection[], entry: Parameters<typeof updateText>[0]): void => {
  const [id] = entry;
  let text: string | undefined;
  for (const connection of ready) {
    if (compareIds(connection.cursor, id) >= 0 || !connection.hasRoom()) continue;
    text ??= updateText(entry);
    connection.send(text);
    connection.cursor = id;
  }
};
