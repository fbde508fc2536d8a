import { useEffect, useState } from 'preact/hooks';
import type { Run } from '../../../server/routes/dead-letters-types.ts';
import { change } from '../../api.ts';
import { useAnswer } from '../../use-answer.ts';

/** While something is under way somebody looks at it. */
const EVERY_MS = 400;

export interface Runs {
  /** What is under way, else what was last. */
  readonly last: Run | undefined;
  /** Begins something. @throws ApiError */
  readonly begin: (wish: object) => Promise<void>;
  readonly stop: () => void;
}

/** What is done with letters, as it goes on. @param onEnd told when it has ended while somebody looked */
export const useRun = (onEnd: () => void): Runs => {
  const [isUnderWay, setUnderWay] = useState(false);
  const { data, again } = useAnswer<Run | null>('/dead-letters/runs', isUnderWay ? EVERY_MS : undefined);
  const [begun, setBegun] = useState<string | undefined>(undefined);
  useEffect(() => {
    // The answer may be older than what was begun here.
    if (data == null || (begun !== undefined && data.startedAt < begun)) return;
    if (isUnderWay && data.endedAt !== null) onEnd();
    setUnderWay(data.endedAt === null);
  }, [data]);
  return {
    last: data ?? undefined,
    begin: async (wish) => {
      const { startedAt } = await change<Run>('POST', '/dead-letters/runs', wish);
      setBegun(startedAt);
      setUnderWay(true);
      again();
    },
    stop: () => {
      if (data != null) void change('DELETE', `/dead-letters/runs/${data.id}`, {}).finally(again);
    },
  };
};
