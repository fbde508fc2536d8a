import { DEAD_LETTER_TOPIC } from '../../catalog/index.ts';
import { DEAD_LETTER_HEADER, headerText } from '../../events/index.ts';
import type { Settings } from '../../settings.ts';
import { withAdmin } from '../cluster.ts';
import { readSpans } from '../read-spans.ts';
import { withValues } from '../reader.ts';
import { boundsOf } from '../topics.ts';

type Brokers = Pick<Settings, 'brokers' | 'kafkaAuth'>;

/** The end of each partition of the dead-letter queue. */
export type QueueEnds = ReadonlyMap<number, number>;

export const deadLetterEnds = (settings: Brokers): Promise<QueueEnds> =>
  withAdmin(
    settings,
    async (admin) => new Map((await boundsOf(admin, DEAD_LETTER_TOPIC)).map(({ partition, end }) => [partition, end])),
  );

/** Records that were dead-lettered between then and now, by the topic they came from; `` where they do not say it. */
export const deadLetteredSince = async (settings: Brokers, then: QueueEnds): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  const spans = [...(await deadLetterEnds(settings))].map(([partition, end]) => ({
    topic: DEAD_LETTER_TOPIC,
    partition,
    from: then.get(partition) ?? 0,
    end,
  }));
  await readSpans(settings, spans, async (_span, records) => {
    for (const { headers } of records) {
      const topic = headerText(withValues(headers), DEAD_LETTER_HEADER.topic) ?? '';
      counts.set(topic, (counts.get(topic) ?? 0) + 1);
    }
  });
  return counts;
};
