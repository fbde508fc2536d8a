import { storeError } from '../../lib/stores/store-error.ts';

/** Told of a key that holds something else than it should. */
export type Damage = (key: string) => void;

/**
 * What a key holds. Where that is damaged it is lost, and nobody else's row must wait for it: then `otherwise` stands for it.
 *
 * @throws the error of the Redis client, unless it would be the same each time
 */
export const readable = async <Value>(
  key: string,
  read: Promise<Value>,
  otherwise: Value,
  damage: Damage,
): Promise<Value> => {
  try {
    return await read;
  } catch (error) {
    if (storeError(error)?.failureClass !== 'permanent') throw error;
    damage(key);
    return otherwise;
  }
};
