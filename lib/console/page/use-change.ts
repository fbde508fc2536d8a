import { useState } from 'preact/hooks';
import { ApiError } from './api.ts';

export interface Change {
  /** Does it; what the server refuses is kept as `failure`. */
  readonly run: (work: () => Promise<void>) => void;
  readonly failure: ApiError | undefined;
  /** It is under way: its button waits. */
  readonly isBusy: boolean;
}

/** Something that a view changes. */
export const useChange = (): Change => {
  const [failure, setFailure] = useState<ApiError | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const run = (work: () => Promise<void>): void => {
    setBusy(true);
    setFailure(undefined);
    work()
      .catch((error: unknown) => {
        const told = { error: String(error), next: null, field: null };
        setFailure(error instanceof ApiError ? error : new ApiError(0, told));
      })
      .finally(() => setBusy(false));
  };
  return { run, failure, isBusy };
};
