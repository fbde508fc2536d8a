import { useEffect, useRef } from 'preact/hooks';
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
  const underWay = useRef(false);
  const { data, again } = useAnswer<Run | null>('/dead-letters/runs', underWay.current ? EVERY_MS : undefined);
  const isUnderWay = data != null && data.endedAt === null;
  useEffect(() => {
    if (underWay.current && data?.endedAt != null) onEnd();
    underWay.current = isUnderWay;
  }, [data]);
  return {
    last: data ?? undefined,
    begin: async (wish) => {
      await change<Run>('POST', '/dead-letters/runs', wish);
      underWay.current = true;
      again();
    },
    stop: () => {
      if (data != null) void change('DELETE', `/dead-letters/runs/${data.id}`, {}).finally(again);
    },
  };
};
