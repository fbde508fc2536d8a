import type { Effect } from '../../lib/consumer/index.ts';
import { clearFallback, redirectKey, setFallback } from '../../lib/stores/redirects.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { Product } from './product.ts';

/** Where the code of a product leads instead of to its page: while there is none of it, and when it is gone. */
export const wantedFallback = ({
  details,
  deleted,
  level,
}: Pick<Product, 'details' | 'deleted' | 'level'>): Product['fallback'] => {
  if (deleted === null && level !== 'out') return null;
  if (details === null || details.qrId === null || details.fallbackUrl === null) return null;
  return { qrId: details.qrId, url: details.fallbackUrl };
};

/** The writes that take a code from one fallback to the other. One that somebody else has set meanwhile stays. */
export const fallbackWrites = async (
  had: Product['fallback'],
  wanted: Product['fallback'],
  redis: Redis,
): Promise<NonNullable<Effect['crossKeyWrites']>> => {
  if (had?.qrId === wanted?.qrId && had?.url === wanted?.url) return [];
  const isLeft = had !== null && had.qrId !== wanted?.qrId;
  const isOurs = isLeft && (await redis.hget(redirectKey(had.qrId), 'fallback')) === had.url;
  return [
    ...(isOurs ? [{ name: 'fallback', owner: had.qrId, writes: [clearFallback(had.qrId)] }] : []),
    ...(wanted === null
      ? []
      : [{ name: 'fallback', owner: wanted.qrId, writes: [setFallback(wanted.qrId, wanted.url)] }]),
  ];
};
