import type { EmulatedTemplate } from './emulated.ts';

/** Of an alarm's list of metrics. Only what is read here. */
interface AlarmMetric {
  readonly MetricStat?: {
    readonly Metric: Readonly<Record<'Namespace' | 'MetricName' | 'Dimensions', unknown>>;
    readonly Period: number;
    readonly Stat: string;
  };
}

const STATISTICS = ['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum'];

/**
 * Writes alarms of one metric in CloudFormation's older words (Namespace, MetricName, Period), which mean the same: the
 * emulator takes no others. Alarms that reckon with two metrics have no such words.
 *
 * @returns how many alarms it takes then
 */
export const inPlainWords = ({ Resources }: EmulatedTemplate): number => {
  let count = 0;
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    if (Type !== 'AWS::CloudWatch::Alarm') continue;
    const metrics: readonly AlarmMetric[] = Array.isArray(Properties.Metrics) ? Properties.Metrics : [];
    const [{ MetricStat: only } = {}, ...others] = metrics;
    if (only === undefined || others.length > 0) continue;
    const { Metric, Period, Stat } = only;
    const statistic = STATISTICS.includes(Stat) ? { Statistic: Stat } : { ExtendedStatistic: Stat };
    Object.assign(Properties, Metric, { Period }, statistic);
    delete Properties.Metrics;
    count += 1;
  }
  return count;
};
