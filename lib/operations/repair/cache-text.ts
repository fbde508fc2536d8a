import type { CacheCheck } from './cache-check.ts';
import type { CacheFault } from './cache-fault.ts';

const MINUTE_MS = 60_000;
/** Before the loss was noticed, its beginning may lie so far back. */
const MARGIN_MINUTES = 10;

/** How long ago a repair has to begin, to be before the first loss: `25m`. */
const sinceOf = ({ losses }: CacheCheck, now: number): string => {
  const oldest = Math.min(now, ...losses.map(({ at }) => Date.parse(at)));
  return `${Math.ceil((now - oldest) / MINUTE_MS) + MARGIN_MINUTES}m`;
};

const named = (places: readonly { readonly topic: string; readonly partition: number }[]): string => {
  const [first] = places;
  if (first === undefined) return '';
  const more = places.length - 1;
  return `${first.topic} [${first.partition}]${more === 0 ? '' : ` and ${more} more partition${more === 1 ? '' : 's'}`}`;
};

/**
 * Undefined where nothing speaks for a loss.
 *
 * @param now milliseconds since 1970
 */
export const cacheFault = (check: CacheCheck, now: number = Date.now()): CacheFault | undefined => {
  const { losses, unknown, isGone, repair } = check;
  if (repair !== undefined) {
    const how = repair.backup === undefined ? '--since 10m' : `--from BACKUP --id ${repair.backup}`;
    return {
      detail: `a repair of the cache, begun at ${repair.begunAt}, has not ended`,
      next: [`./stream-manager.sh repair ${how}   (runs the same again: it continues)`],
    };
  }
  if (isGone) {
    return {
      detail: 'the cache is empty, although groups have processed records',
      next: ['./stream-manager.sh repair --from BACKUP', './stream-manager.sh repair --since 30d   (without a backup)'],
    };
  }
  if (losses.length > 0) {
    return {
      detail: `the cache has lost its newest writes: ${named(losses)}`,
      next: [`./stream-manager.sh repair --since ${sinceOf(check, now)}`],
    };
  }
  if (unknown.length > 0) {
    return {
      detail: `the cache knows less than was processed: ${named(unknown)}`,
      next: ['./stream-manager.sh repair --since 10m   (a time before the loss)'],
    };
  }
  return undefined;
};
