import fc from 'fast-check';
import { type SourceRecord, sourceRecord } from '../../lib/local/functions/record.ts';

/** A record of the topic `t`, as a poller hands it on. */
export const recordOf = (
  partition: number,
  offset: number,
  { timestamp = 0, value = 'v' }: { timestamp?: number; value?: string } = {},
): SourceRecord =>
  sourceRecord('t', partition, {
    key: Buffer.from(`key-${partition}`),
    value: Buffer.from(value),
    timestamp: BigInt(timestamp),
    timestampType: 'CREATE_TIME',
    offset,
    headers: [],
  });

/** How records are named in these tests: `partition@offset`. */
export const nameOf = ({ partition, offset }: SourceRecord): string => `${partition}@${offset}`;

/** Batches as the batcher cuts them: grouped by partition, offsets growing, with gaps as compaction leaves them. */
export const anyBatch = (most = 12): fc.Arbitrary<SourceRecord[]> =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 })
    .chain((partitions) =>
      fc.tuple(
        ...partitions.map((partition) =>
          fc
            .uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: most })
            .map((offsets) => [...offsets].sort((a, b) => a - b).map((offset) => recordOf(partition, offset))),
        ),
      ),
    )
    .map((groups) => groups.flat());
