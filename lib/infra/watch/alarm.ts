import type { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Environment } from '../../catalog/index.ts';

/** What an alarm is about: a topic, a function, a broker, or the one cluster or cache of an environment. */
export interface Watched {
  /** Ends the names of its alarms and names its line in a graph; undefined where there is but one. */
  readonly name?: string;
  readonly environment: Environment;
}

/**
 * One kind of alarm. Alarms, the dashboard's graphs and the sections of docs/runbook.md come from tables of these.
 */
export interface AlarmRow<Of extends Watched> {
  /** Begins the alarm's name, and is the anchor of its section in docs/runbook.md. */
  readonly name: string;
  /** The graph of the dashboard that shows its metric. */
  readonly graph: Graph;
  /** What has happened, one sentence. */
  readonly says: (of: Of) => string;
  /** Its period is how often it is looked at. */
  readonly metric: (of: Of) => Metric | MathExpression;
  readonly raised: 'above' | 'below';
  readonly threshold: (of: Of) => number;
  /** Periods in a row that must be so. */
  readonly periods: number;
  /** What it means when there are no data: nothing happens; that is the fault itself; nobody knows. */
  readonly missing: 'fine' | 'fault' | 'unknown';
  /**
   * How the on-call is told: by the alarm itself, or once for all alarms of a topic that tell of the same delay
   * (`behind`), and not while the platform below it is at fault.
   */
  readonly told: 'itself' | 'behind';
  /** A fault of what everything stands on: what lies behind because of it is not told as well. */
  readonly isPlatform?: true;
  /** Undefined: to all. */
  readonly appliesTo?: (of: Of) => boolean;
}

/** The graphs of the dashboard, by section, in the order in which they are shown. */
export const SECTIONS = {
  Streams: ['Records worked', 'Records behind', 'From publishing to effect, p95, ms', 'Dead letters', 'Records lost'],
  Functions: [
    'Failed calls, percent',
    'Records to be tried again, percent',
    'Throttled calls',
    'Calls at the same time',
  ],
  Pollers: ['Pollers', 'Bytes polled', 'Polls', 'Scheduler calls'],
  Kafka: [
    'Broker processor, percent',
    'Broker disk',
    'Bytes in',
    'Connections refused',
    'Replication',
    'Producers held, ms',
  ],
  Updates: ['Updates servers', 'Updates connections of a server', 'Updates refused'],
  Connect: [
    'Connector tasks',
    'Connector records behind',
    'Connector processor, percent',
    'Connector memory, percent',
    'Database log kept, bytes',
  ],
  Backup: ['Age of the newest backup, seconds'],
  Cache: ['Cache memory, bytes', 'Cache units a second', 'Cache commands throttled', 'Cache evictions', 'Cache losses'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Section = keyof typeof SECTIONS;

export type Graph = (typeof SECTIONS)[Section][number];
