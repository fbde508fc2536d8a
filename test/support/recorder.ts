import {
  DEAD_LETTER_HEADER,
  type EventOf,
  headerText,
  type Publisher,
  type RawRecord,
} from '../../lib/events/index.ts';

/** A publisher that publishes for good and remembers what brokers have acknowledged since it was last asked. */
export interface Recorder {
  readonly publisher: Publisher;
  /** Takes the events out; dead letters are none. */
  events(): Promise<EventOf[]>;
  /** Takes out the reasons of the dead letters. */
  reasons(): string[];
}

export const recorderOn = (publisher: Publisher): Recorder => {
  let seen: RawRecord[] = [];
  const take = (isWanted: (record: RawRecord) => boolean): RawRecord[] => {
    const taken = seen.filter(isWanted);
    seen = seen.filter((record) => !isWanted(record));
    return taken;
  };
  const isLetter = ({ topic }: RawRecord): boolean => topic === 'dead-letter-queue';
  return {
    publisher: {
      ...publisher,
      publishRaw: async (records) => {
        const places = await publisher.publishRaw(records);
        seen.push(...records);
        return places;
      },
    },
    events: () =>
      Promise.all(
        take((record) => !isLetter(record)).map((record) =>
          publisher.codec.decode({ ...record, partition: 0, offset: 0, timestamp: 0 }),
        ),
      ),
    reasons: () => take(isLetter).map(({ headers }) => headerText(headers, DEAD_LETTER_HEADER.errorMessage) ?? ''),
  };
};
