import { DEAD_LETTER_TOPIC, type TopicName } from '../../lib/catalog/index.ts';
import {
  DEAD_LETTER_HEADER,
  type EventOf,
  headerText,
  type Publisher,
  type RawRecord,
} from '../../lib/events/index.ts';

/** A publisher that publishes for good and remembers what went out through it since it was last asked. */
export interface Recorder {
  readonly publisher: Publisher;
  /** Takes the events out, in their order; dead letters are none. */
  events(): Promise<EventOf[]>;
  /** Takes out the reasons of the dead letters. */
  reasons(): string[];
}

/**
 * @param publisher what really publishes
 * @param options.held topic whose records stay here, so that the functions of the test stack do not work what a test is to
 *   deliver itself
 */
export const recorderOn = (publisher: Publisher, { held }: { readonly held?: TopicName } = {}): Recorder => {
  let seen: RawRecord[] = [];
  const take = (isWanted: (record: RawRecord) => boolean): RawRecord[] => {
    const taken = seen.filter(isWanted);
    seen = seen.filter((record) => !isWanted(record));
    return taken;
  };
  const isLetter = ({ topic }: RawRecord): boolean => topic === DEAD_LETTER_TOPIC;
  return {
    publisher: {
      ...publisher,
      publishRaw: async (records) => {
        const places = await publisher.publishRaw(records.filter(({ topic }) => topic !== held));
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
