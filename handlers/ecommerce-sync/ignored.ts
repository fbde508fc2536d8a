import type { Effect, HandlerContext } from '../../lib/consumer/index.ts';

/** What came late or twice changes nothing, and is no failure: stores send things in any order, and again. */
export const ignored = ({ logger }: HandlerContext, why: string, effect: Effect = {}): Effect => {
  logger.debug('ignored', { why });
  return effect;
};
