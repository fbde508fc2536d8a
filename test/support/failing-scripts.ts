import type { Redis } from '../../lib/stores/redis.ts';

/**
 * Redis as it is, but for scripts: `fails` decides by a script's arguments whether its request, or its answer, is lost.
 *
 * @param reason what the client says then
 */
export const withFailingScripts = (
  redis: Redis,
  fails: (args: readonly (string | number | Buffer)[]) => 'request' | 'answer' | undefined,
  reason = 'Connection is closed.',
): Redis =>
  Object.create(redis, {
    call: {
      value: async (command: string, args: (string | number | Buffer)[]) => {
        const lost = command.startsWith('eval') ? fails(args) : undefined;
        if (lost === 'request') throw new Error(reason);
        const answer = await redis.call(command, args);
        if (lost === 'answer') throw new Error(reason);
        return answer;
      },
    },
  });
