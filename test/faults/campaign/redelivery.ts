import { setTimeout as delay } from 'node:timers/promises';
import { type TopicName, topic } from '../../../lib/catalog/index.ts';
import { eventOf } from '../../../lib/local/functions/event.ts';
import { CLUSTER_ARN } from '../../../lib/local/functions/limits.ts';
import { type SourceRecord, sourceRecord } from '../../../lib/local/functions/record.ts';
import { withAdmin } from '../../../lib/operations/cluster.ts';
import { type LogRecord, readTopic } from '../../../lib/operations/reader.ts';
import type { OwnStack } from '../../support/own-stack.ts';

/** The records of one partition, in their order, and where its group is. */
export interface Delivered {
  readonly records: readonly SourceRecord[];
  /** The next offset that the group has not committed. */
  readonly committed: number;
}

const THROTTLED = 429;
const WAIT_MS = 100;

/** Address of a stack's functions host. */
export const functionsUrl = ({ ports }: OwnStack): string => `http://127.0.0.1:${ports.functions}`;

/** What the mapping of a topic has delivered since a time, or is about to deliver. @param since milliseconds since 1970 */
export const deliveredOf = async (
  { settings }: OwnStack,
  name: TopicName,
  since: number,
): Promise<readonly Delivered[]> => {
  const committed = await withAdmin(settings, async (admin) => {
    const [offsets] = await admin.fetchOffsets({ groupId: topic(name).consumerGroup, topics: [name] });
    return new Map(offsets?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  });
  const partitions = new Map<number, SourceRecord[]>();
  await readTopic(settings, name, { from: { time: since }, untilEnd: true }, (record) => {
    const known = partitions.get(record.partition) ?? [];
    partitions.set(record.partition, known);
    known.push(sourceOf(record));
  });
  return [...partitions].map(([partition, records]) => ({ records, committed: committed.get(partition) ?? 0 }));
};

const sourceOf = ({ topic: name, partition, offset, timestamp, key, value, allHeaders }: LogRecord): SourceRecord =>
  sourceRecord(name, partition, {
    ...{ offset, key, value, headers: allHeaders },
    timestamp: BigInt(timestamp),
    timestampType: 'CREATE_TIME',
  });

/** Invokes the function of a topic with records, as its mapping does. A busy function is waited for. */
export const deliverAgain = async (
  stack: OwnStack,
  name: TopicName,
  records: readonly SourceRecord[],
  signal: AbortSignal,
): Promise<void> => {
  const source = { topic: name, eventSourceArn: CLUSTER_ARN, bootstrapServers: stack.settings.brokers.join(',') };
  const url = `${functionsUrl(stack)}/2015-03-31/functions/${name}/invocations`;
  for (;;) {
    const answer = await fetch(url, { method: 'POST', body: eventOf(source, records), signal });
    await answer.text();
    if (answer.status !== THROTTLED) return;
    await delay(WAIT_MS, undefined, { signal });
  }
};
