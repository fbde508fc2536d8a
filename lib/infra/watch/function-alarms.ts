import type { ScheduledFunction } from '../../catalog/index.ts';
import type { AlarmRow, Watched } from './alarm.ts';
import { functionMetric, percentOf } from './metrics.ts';

/** A function, of a topic or started by a rule. */
export interface WatchedFunction extends Watched {
  readonly name: string;
  /** The rule's; undefined for the function of a topic. */
  readonly scheduled?: ScheduledFunction;
}

/** So many of its periods a scheduled function may be silent. */
const SILENT_PERIODS = 5;

/** What is watched of each function. */
export const FUNCTION_ALARMS: readonly AlarmRow<WatchedFunction>[] = [
  {
    name: 'errors',
    graph: 'Failed calls, percent',
    says: ({ name, environment }) =>
      `More than ${environment.alarms.errorRatePercent} % of the calls of ${name} end in an error or run out of time.`,
    metric: ({ name, environment }) =>
      percentOf(
        name,
        functionMetric(environment, name, 'Errors', { statistic: 'Sum' }),
        functionMetric(environment, name, 'Invocations', { statistic: 'Sum' }),
      ),
    raised: 'above',
    threshold: ({ environment }) => environment.alarms.errorRatePercent,
    periods: 2,
    missing: 'fine',
    told: 'itself',
  },
  {
    name: 'throttles',
    graph: 'Throttled calls',
    says: ({ name }) => `Calls of ${name} are refused for a quarter of an hour: it is at its reserved concurrency.`,
    metric: ({ name, environment }) =>
      functionMetric(environment, name, 'Throttles', { statistic: 'Sum', label: name }),
    raised: 'above',
    threshold: () => 0,
    periods: 3,
    missing: 'fine',
    told: 'behind',
  },
  {
    name: 'not-called',
    graph: 'Scheduler calls',
    says: ({ name }) => `${name} was not called: what is to be published later is not published.`,
    metric: ({ name, environment, scheduled }) =>
      functionMetric(environment, name, 'Invocations', {
        statistic: 'Sum',
        label: name,
        minutes: SILENT_PERIODS * (scheduled?.everyMinutes ?? 1),
      }),
    raised: 'below',
    threshold: () => 1,
    periods: 1,
    missing: 'fault',
    told: 'itself',
    appliesTo: ({ scheduled }) => scheduled !== undefined,
  },
];
