import type { Redis } from '../../stores/redis.ts';

/**
 * Asks about a stream. In a cluster the client looks for a key at the beginning of a command, and XINFO and MEMORY have a
 * word before it: beside TYPE, in one transaction, they get to its server.
 *
 * @returns an answer for each command; undefined for a key that is no stream, or no longer one
 * @throws the error of the Redis client, and the first refusal of the server
 */
export const askStream = async (
  redis: Redis,
  key: string,
  ...commands: readonly (readonly [name: string, ...words: string[]])[]
): Promise<readonly unknown[] | undefined> => {
  const transaction = redis.multi().type(key);
  for (const [name, ...words] of commands) transaction.call(name, ...words);
  const [type, ...answers] = (await transaction.exec()) ?? [];
  if (type?.[0]) throw type[0];
  if (type?.[1] !== 'stream') return undefined;
  const refused = answers.find(([failure]) => failure !== null);
  if (refused !== undefined) throw refused[0];
  return answers.map(([, answer]) => answer);
};
