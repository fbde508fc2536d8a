import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, get } from './api.ts';

export interface Answered<Answer> {
  /** The last answer; it stays while the next one is awaited, so that nothing jumps. */
  readonly data: Answer | undefined;
  readonly failure: ApiError | undefined;
  readonly isLoading: boolean;
  /** Asks again now. */
  readonly again: () => void;
}

/**
 * What the API answers to a path; asked anew when the path changes, and every so often while somebody looks.
 *
 * @param path undefined: nothing is asked
 * @param everyMs milliseconds between two questions; once unless given
 */
export const useAnswer = <Answer>(path: string | undefined, everyMs?: number): Answered<Answer> => {
  const [data, setData] = useState<Answer | undefined>(undefined);
  const [failure, setFailure] = useState<ApiError | undefined>(undefined);
  const [isLoading, setLoading] = useState(path !== undefined);
  const [round, setRound] = useState(0);
  const shown = useRef(path);

  useEffect(() => {
    if (path === undefined) return;
    if (shown.current !== path) setData(undefined);
    shown.current = path;
    const ended = new AbortController();
    setLoading(true);
    get<Answer>(path, ended.signal)
      .then((answer) => {
        if (ended.signal.aborted) return;
        setData(answer);
        setFailure(undefined);
      })
      .catch((error: unknown) => {
        if (!ended.signal.aborted && error instanceof ApiError) setFailure(error);
      })
      .finally(() => {
        if (!ended.signal.aborted) setLoading(false);
      });
    return () => ended.abort();
  }, [path, round]);

  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (!document.hidden) setRound((before) => before + 1);
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);

  return { data, failure, isLoading, again: useCallback(() => setRound((before) => before + 1), []) };
};
