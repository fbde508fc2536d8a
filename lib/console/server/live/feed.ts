import { join } from 'node:path';
import { functionLogs } from '../../../operations/figures/function-logs.ts';
import { History, SLOT_SECONDS } from '../../../operations/figures/history.ts';
import { Totals } from '../../../operations/figures/totals.ts';
import type { ConsoleContext } from '../context.ts';
import type { LevelsReader } from './levels.ts';
import { LATELY_SECONDS, type LiveEvents } from './messages.ts';

type Listener = <Name extends keyof LiveEvents>(event: Name, data: LiveEvents[Name]) => void;

/** Rounds between two looks at the health of all services: they are asked something each time. */
const HEALTH_EVERY = 2;
/** A batch may be told a little after its slot has ended: so many slots are sent again. */
const SENT_AGAIN = 3;

/** The live figures. They are looked up only while somebody listens. */
export interface LiveFeed {
  /** Begins with all that is kept. @returns what ends it */
  listen(listener: Listener): () => void;
  /** Reads what the functions have told since the last look, and gives the sums. */
  totals(): Promise<Totals>;
}

export const liveFeed = ({ stack }: Pick<ConsoleContext, 'stack'>): LiveFeed => {
  const history = new History();
  const sums = new Totals();
  const listeners = new Set<Listener>();
  let reading: Promise<void> = Promise.resolve();
  let logs: ReturnType<typeof functionLogs> | undefined;
  let levels: LevelsReader | undefined;
  let timer: NodeJS.Timeout | undefined;
  let rounds = 0;
  /** Which of the loops is the one that goes on. */
  let loop = 0;

  /** One after the other: each line of a log is counted once. */
  const readLogs = (): Promise<void> => {
    reading = reading.then(async () => {
      logs ??= functionLogs(join((await stack()).paths.logs, 'functions'));
      await logs.look((figures) => {
        history.add(figures);
        sums.add(figures);
      });
    });
    return reading;
  };
  const tell: Listener = (event, data) => {
    for (const listener of listeners) listener(event, data);
  };
  const lately = () => history.lately(LATELY_SECONDS);
  const round = async (): Promise<void> => {
    const { settings, paths, health } = await stack();
    const { levelsReader } = await import('./levels.ts');
    levels ??= levelsReader(settings, paths);
    const [found] = await Promise.all([levels.read(), readLogs()]);
    if (listeners.size === 0) return;
    history.note(found);
    const since = Date.now() / 1_000 - SENT_AGAIN * SLOT_SECONDS;
    tell('figures', { slots: history.since(since), lately: lately() });
    if (rounds % HEALTH_EVERY === 0) tell('health', await health());
    rounds += 1;
  };
  const begin = (): void => {
    rounds = 0;
    loop += 1;
    const own = loop;
    const next = async (): Promise<void> => {
      await round().catch((error: unknown) => console.error(`${new Date().toISOString()} live`, error));
      if (own !== loop) return;
      if (listeners.size > 0) timer = setTimeout(() => void next(), SLOT_SECONDS * 1_000);
      else await end();
    };
    void next();
  };
  const end = async (): Promise<void> => {
    loop += 1;
    clearTimeout(timer);
    timer = undefined;
    const old = levels;
    levels = undefined;
    await old?.close();
  };

  return {
    listen: (listener) => {
      listeners.add(listener);
      const told = async (): Promise<void> => {
        await readLogs();
        if (listeners.has(listener)) listener('figures', { slots: history.since(0), lately: lately() });
      };
      void told();
      if (listeners.size === 1) begin();
      else rounds = 0;
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && timer !== undefined) void end();
      };
    },
    totals: async () => {
      await readLogs();
      return sums;
    },
  };
};
