import { randomUUID } from 'node:crypto';
import type { Place } from '../../lib/stores/places.ts';
import { appendUpdate } from '../../lib/stores/updates.ts';
import { anonymise, leaveForGood } from './erasure.ts';
import { erasedKey, teamsOfKey } from './keys.ts';
import { LIMITS } from './limits.ts';

/** What this handler keeps of users. */
export const PLACES: readonly Place[] = [
  {
    name: 'team-collaboration: memberships and feeds',
    holds:
      'Memberships of a user, and their id in the feeds of teams; a team whose last owner goes is passed on or dissolved',
    erase: async (userId, { redis, signal }) => {
      // First: what is under way of this user is dropped from now on.
      await redis.set(erasedKey(userId), '1', 'EX', LIMITS.memorySeconds);
      let erased = 0;
      for (const teamId of await redis.smembers(teamsOfKey(userId))) {
        signal.throwIfAborted();
        const { gone, heir, left } = await leaveForGood(redis, teamId, userId);
        const news = [
          ...(heir === undefined ? [] : [{ userId: heir, type: 'team.ownership.passed' }]),
          ...left.map((member) => ({ userId: member, type: 'team.dissolved' })),
        ];
        await Promise.all(news.map((one) => appendUpdate(redis, { ...one, id: randomUUID(), data: { teamId } })));
        erased += gone + (await anonymise(redis, teamId, userId, signal));
        // Last: what was cut off before is found again.
        await redis.srem(teamsOfKey(userId), teamId);
      }
      return erased;
    },
  },
];
