import type { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmRow, Watched } from './alarm.ts';
import { connectorMetric, databaseMetric, groupMetric, sumOfAll } from './metrics.ts';

/** A connector of MSK Connect. */
export interface WatchedConnector extends Watched {
  /** Of the file under connect/. */
  readonly name: string;
  /** Topics it reads; none of a source. */
  readonly reads: readonly string[];
  /** The database whose log it reads, of a source. */
  readonly database?: string;
}

/** The memory of a worker rises to 80 or 90 % by itself and stays there (MSK Developer Guide, "Monitoring MSK Connect"). */
const MEMORY_PERCENT = 95;
const PROCESSOR_PERCENT = 90;
/** As `health` says of a laptop's (lib/operations/database/slots.ts). */
const SLOT_BYTES = 256 * 1024 * 1024;

const lagOf = (of: WatchedConnector): Metric | MathExpression => {
  const lagOn = (topic: string): Metric =>
    groupMetric(of, topic, 'SumOffsetLag', { statistic: 'Maximum', label: of.name });
  const [first = '', ...others] = of.reads;
  return others.length === 0 ? lagOn(first) : sumOfAll(of.name, [lagOn(first), ...others.map(lagOn)]);
};

/** What is watched of each connector. */
export const CONNECT_ALARMS: readonly AlarmRow<WatchedConnector>[] = [
  {
    name: 'connector-failed',
    graph: 'Connector tasks',
    says: ({ name }) => `A task of the connector ${name} has failed, and is not started again by itself.`,
    metric: (of) => connectorMetric(of, 'ErroredTaskCount', { statistic: 'Maximum', label: `${of.name}, failed` }),
    raised: 'above',
    threshold: () => 0,
    periods: 2,
    missing: 'unknown',
    told: 'itself',
  },
  {
    name: 'connector-stopped',
    graph: 'Connector tasks',
    says: ({ name }) => `No task of the connector ${name} is running for a quarter of an hour, or nobody tells.`,
    metric: (of) => connectorMetric(of, 'RunningTaskCount', { statistic: 'Maximum', label: `${of.name}, running` }),
    raised: 'below',
    threshold: () => 1,
    periods: 3,
    missing: 'fault',
    told: 'itself',
  },
  {
    name: 'connector-cpu',
    graph: 'Connector processor, percent',
    says: ({ name }) =>
      `Workers of the connector ${name} use more than ${PROCESSOR_PERCENT} % of their processors for half an hour, as many as there may be.`,
    metric: (of) => connectorMetric(of, 'CpuUtilization', { statistic: 'Average', label: of.name }),
    raised: 'above',
    threshold: () => PROCESSOR_PERCENT,
    periods: 6,
    missing: 'unknown',
    told: 'itself',
  },
  {
    name: 'connector-memory',
    graph: 'Connector memory, percent',
    says: ({ name }) => `Workers of the connector ${name} use more than ${MEMORY_PERCENT} % of their memory.`,
    metric: (of) => connectorMetric(of, 'MemoryUtilization', { statistic: 'Average', label: of.name }),
    raised: 'above',
    threshold: () => MEMORY_PERCENT,
    periods: 3,
    missing: 'unknown',
    told: 'itself',
  },
  {
    name: 'connector-lag',
    graph: 'Connector records behind',
    says: ({ name, environment }) =>
      `The sink ${name} is more than ${environment.alarms.lag} records behind for a quarter of an hour.`,
    metric: lagOf,
    raised: 'above',
    threshold: ({ environment }) => environment.alarms.lag,
    periods: 3,
    // A group that is just being joined has none; connector-stopped speaks when nobody joins it.
    missing: 'unknown',
    told: 'itself',
    appliesTo: ({ reads }) => reads.length > 0,
  },
  {
    name: 'slot-lag',
    graph: 'Database log kept, bytes',
    says: ({ name }) =>
      `The database keeps more than 256 MB of its log for the connector ${name}, which does not read it.`,
    metric: ({ database = '' }) =>
      databaseMetric(database, 'OldestLogicalReplicationSlotLag', { statistic: 'Maximum', label: database }),
    raised: 'above',
    threshold: () => SLOT_BYTES,
    periods: 3,
    missing: 'unknown',
    told: 'itself',
    appliesTo: ({ database }) => database !== undefined,
  },
];
