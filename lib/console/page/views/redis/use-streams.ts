import { useEffect, useRef, useState } from 'preact/hooks';
import type { StreamPage } from '../../../../operations/redis-streams/list.ts';
import { ApiError, get } from '../../api.ts';
import { pathTo } from '../../router.ts';

export interface Streams {
  /** Undefined until the first page is there. */
  readonly streams: StreamPage['streams'] | undefined;
  readonly looked: number;
  readonly keys: number;
  readonly isLooking: boolean;
  /** Not every key was looked at. */
  readonly hasMore: boolean;
  readonly failure: ApiError | undefined;
  /** Looks on. */
  readonly more: () => void;
  /** Begins anew. */
  readonly again: () => void;
}

/** The streams that were found so far, newest first. @param match what their keys have in them */
export const useStreams = (match: string): Streams => {
  const [page, setPage] = useState<StreamPage | undefined>(undefined);
  const [isLooking, setLooking] = useState(false);
  const [failure, setFailure] = useState<ApiError | undefined>(undefined);
  const ended = useRef(new AbortController());

  const look = (before: StreamPage | undefined): void => {
    ended.current.abort();
    ended.current = new AbortController();
    const { signal } = ended.current;
    setLooking(true);
    setFailure(undefined);
    get<StreamPage>(pathTo(['redis', 'streams'], { match, cursor: before?.cursor ?? undefined }), signal)
      .then((next) => {
        if (!signal.aborted) setPage(before === undefined ? next : joined(before, next));
      })
      .catch((error: unknown) => {
        if (!signal.aborted && error instanceof ApiError) setFailure(error);
      })
      .finally(() => {
        if (!signal.aborted) setLooking(false);
      });
  };

  useEffect(() => {
    setPage(undefined);
    look(undefined);
    return () => ended.current.abort();
  }, [match]);

  return {
    streams: page && [...page.streams].sort((a, b) => (b.lastAt ?? '').localeCompare(a.lastAt ?? '')),
    looked: page?.looked ?? 0,
    keys: page?.keys ?? 0,
    isLooking,
    hasMore: page !== undefined && page.cursor !== null,
    failure,
    more: () => look(page),
    again: () => look(undefined),
  };
};

/** SCAN may tell a key twice. */
const joined = (before: StreamPage, next: StreamPage): StreamPage => ({
  ...next,
  streams: [...new Map([...before.streams, ...next.streams].map((stream) => [stream.key, stream])).values()],
  looked: Math.min(before.looked + next.looked, next.keys),
});
