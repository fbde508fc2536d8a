import type { HealthReport } from '../../../local/health.ts';
import { BOUNDS, OUTCOME_NAMES, type TopicTotals, type Totals } from '../../../operations/figures/totals.ts';
import type { GroupPartition } from '../../../operations/groups.ts';
import type { Family, Sample } from './text.ts';

/** What is known when somebody asks. */
export interface Known {
  readonly totals: Totals;
  readonly health: HealthReport;
  /** Where the catalog's groups are; empty while no broker answers. */
  readonly progress: readonly GroupPartition[];
  readonly memory: Readonly<Record<string, number>>;
}

const sumBy = (
  progress: readonly GroupPartition[],
  value: (partition: GroupPartition) => number,
): readonly (readonly [topic: string, sum: number])[] => {
  const sums = new Map<string, number>();
  for (const each of progress) sums.set(each.topic, (sums.get(each.topic) ?? 0) + value(each));
  return [...sums];
};

const histogramOf = (topic: string, { buckets, seconds, observed }: TopicTotals): readonly Sample[] => {
  let below = 0;
  return [
    ...[...BOUNDS, Number.POSITIVE_INFINITY].map((bound, i) => {
      below += buckets[i] ?? 0;
      const le = Number.isFinite(bound) ? String(bound) : '+Inf';
      return { suffix: '_bucket', labels: { topic, le }, value: Math.round(below) };
    }),
    { suffix: '_sum', labels: { topic }, value: seconds },
    { suffix: '_count', labels: { topic }, value: Math.round(observed) },
  ];
};

/** The figures of the page, for Prometheus. */
export const familiesOf = ({ totals, health, progress, memory }: Known): readonly Family[] => {
  const topics = [...totals.topics];
  return [
    {
      name: 'qr_service_up',
      type: 'gauge',
      help: 'Whether a service of the stack is healthy.',
      samples: health.services.map(({ name, state }) => ({
        labels: { service: name },
        value: state === 'healthy' ? 1 : 0,
      })),
    },
    {
      name: 'qr_records_total',
      type: 'counter',
      help: 'Records by what became of them: done, skipped (done before), dead, failed (tried again), held.',
      samples: topics.flatMap(([topic, { counts }]) =>
        OUTCOME_NAMES.map((outcome) => ({ labels: { topic, outcome }, value: counts[outcome] })),
      ),
    },
    {
      name: 'qr_end_to_end_latency_seconds',
      type: 'histogram',
      help: 'From publishing a record to its effect.',
      samples: topics.flatMap(([topic, each]) => histogramOf(topic, each)),
    },
    {
      name: 'qr_topic_end_offset',
      type: 'gauge',
      help: 'Next offset of all partitions together: its rate is the rate of publishing.',
      samples: sumBy(progress, ({ end }) => end).map(([topic, value]) => ({ labels: { topic }, value })),
    },
    {
      name: 'qr_group_lag_records',
      type: 'gauge',
      help: 'Records of a topic that its own consumer group has not committed yet.',
      samples: sumBy(progress, ({ lag }) => lag).map(([topic, value]) => ({ labels: { topic }, value })),
    },
    {
      name: 'qr_process_resident_memory_bytes',
      type: 'gauge',
      help: 'Physical memory of a service; of functions, with all their processes.',
      samples: Object.entries(memory).map(([process, value]) => ({ labels: { process }, value })),
    },
  ];
};
