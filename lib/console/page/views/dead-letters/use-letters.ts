import { useEffect, useRef, useState } from 'preact/hooks';
import type { Letter } from '../../../../stores/dead-letters/letter.ts';
import type { LetterPage } from '../../../server/routes/dead-letters-types.ts';
import { ApiError, get } from '../../api.ts';
import { pathTo } from '../../router.ts';
import type { Params } from './params.ts';

export interface Letters {
  /** Undefined until the first page is there. */
  readonly letters: readonly Letter[] | undefined;
  readonly hasMore: boolean;
  readonly isLooking: boolean;
  readonly failure: ApiError | undefined;
  /** The next page. */
  readonly more: () => void;
}

interface Found {
  readonly letters: readonly Letter[] | undefined;
  readonly next: string | null;
}

const NOTHING: Found = { letters: undefined, next: null };

/** Letters page by page. @param filter undefined: nothing is asked. @param round another one begins anew */
export const useLetters = (filter: Params | undefined, round: number): Letters => {
  const [found, setFound] = useState<Found>(NOTHING);
  const [isLooking, setLooking] = useState(false);
  const [failure, setFailure] = useState<ApiError | undefined>(undefined);
  const ended = useRef(new AbortController());
  const asked = JSON.stringify(filter);
  const shown = useRef(asked);

  const look = async (before: Found): Promise<void> => {
    ended.current.abort();
    ended.current = new AbortController();
    const { signal } = ended.current;
    setLooking(true);
    setFailure(undefined);
    try {
      const path = pathTo(['dead-letters', 'letters'], { ...filter, after: before.next ?? undefined });
      const page = await get<LetterPage>(path, signal);
      if (!signal.aborted) setFound({ letters: [...(before.letters ?? []), ...page.letters], next: page.next });
    } catch (error) {
      if (error instanceof ApiError && !signal.aborted) setFailure(error);
    } finally {
      if (!signal.aborted) setLooking(false);
    }
  };

  useEffect(() => {
    if (filter === undefined) return;
    // The same once more replaces what is shown when it is there, so that nothing jumps.
    if (shown.current !== asked) setFound(NOTHING);
    shown.current = asked;
    void look(NOTHING);
    return () => ended.current.abort();
  }, [asked, round]);

  return { letters: found.letters, hasMore: found.next !== null, isLooking, failure, more: () => void look(found) };
};
