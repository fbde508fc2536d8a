import type { Connections } from '../../lib/consumer/index.ts';
import type { EventOf, InboundRecord } from '../../lib/events/index.ts';
import type { Place } from '../../lib/stores/places.ts';

/** Key under which the erasure of a user is scheduled: it must not erase itself. */
export const erasureKey = (userId: string): string => `erasure/${userId}`;

/** Entries that are cancelled together. */
const AT_ONCE = 100;

/** What is to be published later about a user. Every entry is read: the schedule knows none by their user. */
export const schedulePlace = ({
  schedule,
  publisher: { codec },
}: Pick<Connections, 'schedule' | 'publisher'>): Place => {
  const isOf = async (userId: string, record: Pick<InboundRecord, 'topic' | 'key' | 'value' | 'headers'>) => {
    const event = await codec
      .decode({ ...record, partition: 0, offset: 0, timestamp: 0 })
      .catch((): EventOf | undefined => undefined);
    return (
      record.key?.toString('utf8') === userId || new Map(Object.entries(event?.payload ?? {})).get('userId') === userId
    );
  };
  return {
    name: 'schedule: entries',
    holds: 'Events about the user that were to be published later',
    erase: async (userId, { signal }) => {
      const keys: string[] = [];
      for await (const { key, record } of schedule.entries()) {
        signal.throwIfAborted();
        if (key !== erasureKey(userId) && (await isOf(userId, record))) keys.push(key);
      }
      for (let from = 0; from < keys.length; from += AT_ONCE) {
        signal.throwIfAborted();
        await schedule.cancel(keys.slice(from, from + AT_ONCE));
      }
      // An entry may have been seen twice while the hash was growing.
      return new Set(keys).size;
    },
  };
};
