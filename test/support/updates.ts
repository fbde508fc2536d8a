import type { Redis } from '../../lib/stores/redis.ts';
import { updatesKey } from '../../lib/stores/updates.ts';

/** An update of a user, as a test looks at it. */
export interface TestUpdate {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The updates of a user in their order, without those of the notifications function of the test stack: it works what other
 * handlers publish, whenever it comes to it.
 */
export const updatesOf = async (redis: Redis, userId: string): Promise<TestUpdate[]> => {
  const entries = await redis.xrange(updatesKey(userId), '-', '+');
  return entries
    .map(([, fields]) => {
      const textOf = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
      return { type: textOf('type'), data: JSON.parse(textOf('data')) };
    })
    .filter(({ type }) => !type.startsWith('notification'));
};

/** The types of {@link updatesOf}. */
export const updateTypesOf = async (redis: Redis, userId: string): Promise<string[]> =>
  (await updatesOf(redis, userId)).map(({ type }) => type);
