import { storeError } from '../../lib/stores/store-error.ts';

/** Told of a key that holds something else than it should. */
export type Damage = (key: string) => void;

/** For who counts what could not be read in another way. */
const UNTOLD: Damage = () => undefined;

/** Whether a failure is one of what lies at a key: it would be the same each time. */
export const isDamage = (error: unknown): boolean => storeError(error)?.failureClass === 'permanent';

/**
 * What a key holds. Where that is damaged it is lost, and nobody else's row must wait for it: then `otherwise` stands for it.
 *
 * @throws the error of the Redis client, unless it would be the same each time
 */
export const readable = async <Value>(
  key: string,
  read: Promise<Value>,
  otherwise: Value,
  damage: Damage = UNTOLD,
): Promise<Value> => {
  try {
    return await read;
  } catch (error) {
    if (!isDamage(error)) throw error;
    damage(key);
    return otherwise;
  }
};
