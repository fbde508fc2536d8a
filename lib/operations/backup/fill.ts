import { type Admin, ExactWriter, headersToWrite, type Message } from '../../kafka/index.ts';
import type { Settings } from '../../settings.ts';
import { withAdmin } from '../cluster.ts';
import { boundsOf } from '../topics.ts';
import { type IdMap, reframed } from './frames.ts';
import type { Place } from './place.ts';
import { recordsOf } from './records-copy.ts';
import { type PartitionPlan, restoreGroup, type TopicPlan } from './restore-plan.ts';
import { batchBytesOf } from './restored-config.ts';
import { RECORDS, type StoredRecord } from './segment.ts';

/** Records of one batch; they fit into memory several times over. */
const BATCH_RECORDS = 2_000;

/** What a partition is filled with. */
export interface Filling {
  readonly settings: Pick<Settings, 'brokers' | 'kafkaAuth'>;
  readonly admin: Admin;
  readonly place: Place;
  /** Id of the backup. */
  readonly id: string;
  readonly ids: IdMap;
  readonly onWritten: (records: number) => void;
  /** Told of a batch that cannot be decoded: no broker would take it, so its offsets stay a gap. */
  readonly onLeftOut: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings a partition's records back, each at the offset it had, from where an earlier try ended. Where its first record had a
 * higher offset than the partition has now, empty records take the places before it and are deleted; gaps between records
 * (transactions, compaction) and behind the last one stay gaps. Committed offsets, dead letters and the bookkeeping of records
 * without an id name records by their offset.
 *
 * @throws StreamError REFUSED when something else writes to the partition
 */
export const fill = async (filling: Filling, topic: TopicPlan, plan: PartitionPlan): Promise<void> => {
  const { settings, admin, id, signal } = filling;
  const { name } = topic.stored;
  const { partition, begin } = plan.stored;
  const place = { topic: name, partition };
  const writer = new ExactWriter(settings, admin, place, `${restoreGroup(id)}-${name}-${partition}`);
  try {
    // A process that was killed may have left a transaction open, whose marker takes an offset once it is ended.
    if (topic.state === 'continue') await writer.fence();
    let end = await writer.end();
    while (end < begin) {
      if (signal?.aborted === true) return;
      end = await writer.pad(end, begin);
    }
    if ((await writer.begin()) < begin) await deleteBefore(settings, name, partition, begin);
    end = await writeRecords(filling, writer, topic, plan, end);
    if (signal?.aborted === true) return;
    if (end < plan.stored.end) await writer.skip(end, plan.stored.end);
    await writer.requireEnd(plan.stored.end);
  } finally {
    writer.close();
  }
};

/** @returns the end behind the last record, or where it was stopped */
const writeRecords = async (
  { place, ids, onWritten, onLeftOut, signal }: Filling,
  writer: ExactWriter,
  { stored: { config } }: TopicPlan,
  { stored }: PartitionPlan,
  from: number,
): Promise<number> => {
  const batchBytes = batchBytesOf(config);
  let end = from;
  let batch: StoredRecord[] = [];
  let bytes = 0;
  const write = async (): Promise<void> => {
    const [first] = batch;
    if (first === undefined) return;
    if (first.offset > end) end = await writer.skip(end, first.offset);
    end = await writer.append(
      end,
      batch.map((record) => messageOf(record, ids)),
    );
    onWritten(batch.length);
    batch = [];
    bytes = 0;
  };
  for await (const record of recordsOf(place, stored)) {
    if (typeof record.undecodable === 'string') {
      onLeftOut();
      continue;
    }
    if (record.offset < from) {
      onWritten(1);
      continue;
    }
    const size = RECORDS.size(record);
    const follows = record.offset === (batch.at(-1)?.offset ?? record.offset - 1) + 1;
    if (!follows || batch.length >= BATCH_RECORDS || bytes + size > batchBytes) await write();
    if (signal?.aborted === true) return end;
    batch.push(record);
    bytes += size;
  }
  await write();
  return end;
};

/** With a client of its own: one that several topics share at the same time forgets where their partitions are. */
const deleteBefore = (settings: Filling['settings'], topic: string, partition: number, offset: number): Promise<void> =>
  withAdmin(settings, async (admin) => {
    // So it learns of the topic.
    await boundsOf(admin, topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
  });

const messageOf = ({ key, value, timestamp, headers }: StoredRecord, ids: IdMap): Message => ({
  key,
  value: reframed(value, ids),
  timestamp: String(timestamp),
  headers: headersToWrite(headers.map(({ name, value: content }) => [name, content])),
});
