import { useEffect, useRef, useState } from 'preact/hooks';
import type { BrowsedPage } from '../../../../operations/browse/page.ts';
import type { ListedRecord } from '../../../server/routes/messages-types.ts';
import { ApiError, get } from '../../api.ts';
import { pathTo } from '../../router.ts';

/** A page as the list gets it. */
export type ListedPage = Omit<BrowsedPage, 'records'> & { readonly records: readonly ListedRecord[] };

export interface Pages {
  /** Undefined until the first page is there. */
  readonly records: readonly ListedRecord[] | undefined;
  readonly looked: number;
  readonly total: number;
  readonly isLooking: boolean;
  /** There is more behind what is shown. */
  readonly hasMore: boolean;
  readonly failure: ApiError | undefined;
  /** Looks on. */
  readonly more: () => void;
  readonly stop: () => void;
  /** Begins anew. */
  readonly again: () => void;
}

/** Records a look is meant to find; a search goes on by itself until then. */
const LIMIT = 50;

interface Found {
  readonly records: readonly ListedRecord[] | undefined;
  readonly cursor: string | null;
  readonly looked: number;
  readonly total: number;
}

const NOTHING: Found = { records: undefined, cursor: null, looked: 0, total: 0 };

/** The records of a topic, page by page. @param params of `GET /api/messages/TOPIC`, as a query */
export const usePages = (topic: string | undefined, params: Readonly<Record<string, string | undefined>>): Pages => {
  const [found, setFound] = useState<Found>(NOTHING);
  const [isLooking, setLooking] = useState(false);
  const [failure, setFailure] = useState<ApiError | undefined>(undefined);
  const [round, setRound] = useState(0);
  const ended = useRef(new AbortController());
  const asked = JSON.stringify([topic, params]);

  const look = async (before: Found, signal: AbortSignal): Promise<void> => {
    if (topic === undefined) return;
    setLooking(true);
    setFailure(undefined);
    let now = before;
    const enough = (before.records?.length ?? 0) + LIMIT;
    try {
      do {
        const query = { ...params, limit: enough - (now.records?.length ?? 0), cursor: now.cursor ?? undefined };
        const page = await get<ListedPage>(pathTo(['messages', topic], query), signal);
        if (signal.aborted) return;
        now = {
          records: [...(now.records ?? []), ...page.records],
          cursor: page.cursor,
          looked: now.looked + page.looked,
          total: page.total,
        };
        setFound(now);
      } while (now.cursor !== null && (now.records?.length ?? 0) < enough && !signal.aborted);
    } catch (error) {
      if (error instanceof ApiError && !signal.aborted) setFailure(error);
    } finally {
      if (!signal.aborted) setLooking(false);
    }
  };
  const begin = (from: Found): void => {
    ended.current.abort();
    ended.current = new AbortController();
    void look(from, ended.current.signal);
  };

  useEffect(() => {
    setFound(NOTHING);
    begin(NOTHING);
    return () => ended.current.abort();
  }, [asked, round]);

  return {
    records: found.records,
    looked: found.looked,
    total: found.total,
    isLooking,
    hasMore: found.cursor !== null,
    failure,
    more: () => begin(found),
    stop: () => {
      ended.current.abort();
      setLooking(false);
      setFound((now) => ({ ...now, records: now.records ?? [] }));
    },
    again: () => setRound((before) => before + 1),
  };
};
