import type { EventOf, Publisher, RawRecord } from '../../lib/events/index.ts';

/** A publisher that also remembers what went out through it. */
export interface Recorder {
  readonly publisher: Publisher;
  /** The events that were published since the last call, in their order. */
  readonly take: () => Promise<readonly EventOf[]>;
}

/** @param publisher what really publishes */
export const recorderOf = (publisher: Publisher): Recorder => {
  let records: readonly RawRecord[] = [];
  return {
    publisher: {
      ...publisher,
      publishRaw: async (wanted) => {
        const published = await publisher.publishRaw(wanted);
        records = [...records, ...wanted];
        return published;
      },
    },
    take: async () => {
      const taken = records;
      records = [];
      return Promise.all(
        taken.map((record) => publisher.codec.decode({ ...record, partition: 0, offset: 0, timestamp: 0 })),
      );
    },
  };
};
