import { DEAD_LETTER_TOPIC, type TopicName } from '../../lib/catalog/index.ts';
import type { EventOf, Publisher, RawRecord } from '../../lib/events/index.ts';

/** A publisher that also remembers what went out through it. */
export interface Recorder {
  readonly publisher: Publisher;
  /** The events that were published since the last call, in their order; dead letters are none. */
  readonly take: () => Promise<readonly EventOf[]>;
}

/**
 * @param publisher what really publishes
 * @param options.held topic whose records stay here, so that the functions of the test stack do not work what a test is to
 *   deliver itself
 */
export const recorderOf = (publisher: Publisher, { held }: { readonly held?: TopicName } = {}): Recorder => {
  let records: readonly RawRecord[] = [];
  return {
    publisher: {
      ...publisher,
      publishRaw: async (wanted) => {
        const published = await publisher.publishRaw(wanted.filter(({ topic }) => topic !== held));
        records = [...records, ...wanted];
        return published;
      },
    },
    take: async () => {
      const taken = records.filter(({ topic }) => topic !== DEAD_LETTER_TOPIC);
      records = [];
      return Promise.all(
        taken.map((record) => publisher.codec.decode({ ...record, partition: 0, offset: 0, timestamp: 0 })),
      );
    },
  };
};
