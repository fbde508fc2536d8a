import { randomUUID } from 'node:crypto';
import { StreamError } from '../../../errors.ts';
import { withLetters } from '../../../operations/dead-letters/index.ts';
import type { Settings } from '../../../settings.ts';
import { failureOf } from '../failure.ts';
import type { Run } from '../routes/dead-letters-types.ts';
import { ACTS, type Wish } from './acts.ts';

/** Of letters that stay as they are so many are named. */
const NAMED = 20;

/** What is done with letters takes as long as it takes: it is begun, and the page looks how far it is. One at a time. */
export interface Runs {
  /** The one that is under way, else the last one. */
  readonly last: () => Run | undefined;
  /** @throws StreamError REFUSED while another one is under way */
  readonly begin: (settings: Settings, wish: Wish) => Run;
  /** Ends it after the letters that are under way. @throws StreamError NOT_FOUND for one that is not */
  readonly stop: (id: string) => Run;
}

export const letterRuns = (): Runs => {
  let last: Run | undefined;
  let ended = new AbortController();
  const note = (more: Partial<Run>): void => {
    if (last !== undefined) last = { ...last, ...more };
  };
  const work = async (settings: Settings, wish: Wish): Promise<void> => {
    const { signal } = ended;
    const onProgress = (through: number, total: number): void => note({ state: 'running', through, total });
    try {
      const done = await withLetters(settings, (stores) =>
        ACTS[wish.action].work(wish, { settings, stores, signal, onProgress }),
      );
      const { changed, left, waiting } = done;
      note({
        state: signal.aborted ? 'stopped' : 'done',
        changed,
        waiting,
        left: left.slice(0, NAMED),
        leftCount: left.length,
      });
    } catch (error) {
      note({ state: 'failed', failure: failureOf(error, wish.action) });
    }
    note({ endedAt: new Date().toISOString() });
  };
  return {
    last: () => last,
    begin: (settings, wish) => {
      if (last !== undefined && last.endedAt === null) {
        throw new StreamError('REFUSED', `Another ${last.action} is under way, since ${last.startedAt}.`, {
          next: 'Wait for it, or stop it',
        });
      }
      ended = new AbortController();
      const begun: Run = {
        ...{ id: randomUUID(), action: wish.action, letter: 'id' in wish.choice ? wish.choice.id : null },
        ...{ state: 'preparing', through: 0, total: 0, changed: 0, waiting: 0, left: [], leftCount: 0, failure: null },
        ...{ startedAt: new Date().toISOString(), endedAt: null },
      };
      last = begun;
      void work(settings, wish);
      return begun;
    },
    stop: (id) => {
      if (last?.id !== id || last.endedAt !== null) {
        throw new StreamError('NOT_FOUND', 'That is not under way any more.');
      }
      ended.abort();
      return last;
    },
  };
};
