import type { Admin } from '../../../kafka/index.ts';
import { memoryUse } from '../../../local/memory-use.ts';
import type { StackPaths } from '../../../local/paths.ts';
import { openKafka } from '../../../operations/cluster.ts';
import type { Levels } from '../../../operations/figures/history.ts';
import { catalogProgress } from '../../../operations/groups.ts';
import type { Settings } from '../../../settings.ts';

/** Looks up how things stand, over one connection that is kept until it is closed. */
export interface LevelsReader {
  read(): Promise<Levels>;
  close(): Promise<void>;
}

interface Ends {
  readonly time: number;
  readonly byTopic: ReadonlyMap<string, number>;
}

export const levelsReader = (settings: Settings, paths: Pick<StackPaths, 'run'>): LevelsReader => {
  let admin: Promise<Admin> | undefined;
  let before: Ends | undefined;
  const connected = (): Promise<Admin> => {
    admin ??= (async () => {
      const made = openKafka(settings).admin();
      await made.connect();
      return made;
    })();
    return admin;
  };
  const close = async (): Promise<void> => {
    const old = admin;
    admin = undefined;
    await (await old?.catch(() => undefined))?.disconnect().catch(() => undefined);
  };
  return {
    read: async () => {
      const [progress, memory] = await Promise.all([
        connected()
          .then(catalogProgress)
          .catch(async () => {
            // The broker is gone; the next look begins with a new connection.
            await close();
            return [];
          }),
        memoryUse(paths),
      ]);
      const lag: Record<string, number> = {};
      const ends = new Map<string, number>();
      for (const { topic, lag: own, end } of progress) {
        lag[topic] = (lag[topic] ?? 0) + own;
        ends.set(topic, (ends.get(topic) ?? 0) + end);
      }
      const now: Ends = { time: Date.now(), byTopic: ends };
      const published = before === undefined ? {} : ratesOf(before, now);
      if (progress.length > 0) before = now;
      return { lag, published, memory };
    },
    close,
  };
};

const ratesOf = (before: Ends, now: Ends): Record<string, number> => {
  const seconds = Math.max(0.001, (now.time - before.time) / 1_000);
  return Object.fromEntries(
    [...now.byTopic].map(([topic, end]) => [topic, Math.max(0, end - (before.byTopic.get(topic) ?? end)) / seconds]),
  );
};
