import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import {
  type AlarmWithAnnotation,
  type CustomMetric,
  DefaultDashboardFactory,
  MonitoringFacade,
  noopAction,
  notifySns,
} from 'cdk-monitoring-constructs';
import { Construct } from 'constructs';
import type { Environment } from '../../catalog/index.ts';
import { type AlarmRow, type Graph, SECTIONS, type Watched } from '../watch/index.ts';

/** A row of an alarm table together with one of the things it is about. */
export interface Alarm {
  readonly row: Pick<AlarmRow<Watched>, 'name' | 'graph' | 'raised' | 'periods' | 'missing' | 'told' | 'isPlatform'>;
  /** Of the thing it is about; undefined where there is but one. */
  readonly of: string | undefined;
  readonly says: string;
  readonly metric: ReturnType<AlarmRow<Watched>['metric']>;
  readonly threshold: number;
}

/** Every alarm of a table. */
export const alarmsOf = <Of extends Watched>(table: readonly AlarmRow<Of>[], all: readonly Of[]): readonly Alarm[] =>
  table.flatMap((row) =>
    all
      .filter((of) => row.appliesTo?.(of) ?? true)
      .map((of) => ({ row, of: of.name, says: row.says(of), metric: row.metric(of), threshold: row.threshold(of) })),
  );

export interface WatchProps {
  readonly environment: Environment;
  readonly alarms: readonly Alarm[];
  /** Lines of graphs that no alarm watches. */
  readonly lines: Readonly<Partial<Record<Graph, readonly CustomMetric[]>>>;
  /** Where alarms are told. */
  readonly onCall: ITopic;
}

const MISSING = {
  fine: TreatMissingData.NOT_BREACHING,
  fault: TreatMissingData.BREACHING,
  unknown: TreatMissingData.MISSING,
} as const;

const RAISED = {
  above: ComparisonOperator.GREATER_THAN_THRESHOLD,
  below: ComparisonOperator.LESS_THAN_THRESHOLD,
} as const;

/** Tags of alarms by which they are found again for the alarms made of them. */
const PLATFORM = 'platform';
export const behind = (of: string): string => `behind ${of}`;

const tagsOf = ({ row, of }: Alarm): string[] => [
  ...(row.isPlatform === true ? [PLATFORM] : []),
  ...(row.told === 'behind' && of !== undefined ? [behind(of)] : []),
];

/**
 * The alarms and the dashboard of an environment, each graph with the alarms that watch it. cdk-monitoring-constructs makes
 * the alarms, draws their thresholds and lays out the graphs; it knows nothing of MSK, event source mappings or the
 * dimension of a serverless cache, so the metrics are ours.
 */
export class Watch extends Construct {
  readonly monitoring: MonitoringFacade;

  constructor(scope: Construct, id: string, { environment, alarms, lines, onCall }: WatchProps) {
    super(scope, id);
    const prefix = `qr-${environment.name}`;
    this.monitoring = new MonitoringFacade(this, 'Monitoring', {
      alarmFactoryDefaults: { alarmNamePrefix: prefix, actionsEnabled: true, action: notifySns(onCall) },
      dashboardFactory: new DefaultDashboardFactory(this, 'Dashboards', {
        dashboardNamePrefix: prefix,
        createDashboard: true,
      }),
    });
    const lineOf = (alarm: Alarm, index: number): CustomMetric => ({
      metric: alarm.metric,
      alarmFriendlyName: alarm.of ?? alarm.row.graph,
      addAlarm: {
        [alarm.row.name]: {
          alarmNameOverride: alarmName(environment, alarm.row.name, alarm.of),
          additionalDescription: alarm.says,
          runbookLink: `${environment.runbook}#${alarm.row.name}`,
          threshold: alarm.threshold,
          comparisonOperator: RAISED[alarm.row.raised],
          datapointsToAlarm: alarm.row.periods,
          treatMissingDataOverride: MISSING[alarm.row.missing],
          customTags: tagsOf(alarm),
          // Thirteen times the same threshold in a graph is one line of it.
          overrideAnnotationVisibility: index === 0,
          overrideAnnotationLabel: alarm.row.name,
          ...(alarm.row.told === 'behind' ? { actionOverride: noopAction() } : {}),
        },
      },
    });
    for (const [section, graphs] of Object.entries(SECTIONS)) {
      const metricGroups = graphs.map((graph) => ({
        title: graph,
        metrics: [...alarms.filter(({ row }) => row.graph === graph).map(lineOf), ...(lines[graph] ?? [])],
      }));
      // What an environment does not have at all is not drawn.
      if (metricGroups.every(({ metrics }) => metrics.length === 0)) continue;
      this.monitoring.monitorCustom({
        alarmFriendlyName: section,
        humanReadableName: section,
        metricGroups,
      });
    }
    this.#together(environment, alarms);
  }

  /** One alarm for each thing that lies behind, which is silent while the platform is at fault. */
  #together(environment: Environment, alarms: readonly Alarm[]): void {
    const factory = this.monitoring.createAlarmFactory('together');
    const tagged = (tag: string): AlarmWithAnnotation[] => this.monitoring.createdAlarmsWithTag(tag);
    const platform = factory.addCompositeAlarm(tagged(PLATFORM), {
      disambiguator: 'platform',
      alarmNameOverride: alarmName(environment, 'platform', undefined),
      alarmDescription: 'The cluster or the cache is at fault; an alarm of its own says how.',
      runbookLink: `${environment.runbook}#platform`,
      actionOverride: noopAction(),
    });
    const late = new Set(alarms.flatMap(({ row, of }) => (row.told === 'behind' && of !== undefined ? [of] : [])));
    for (const of of late) {
      factory.addCompositeAlarm(tagged(behind(of)), {
        disambiguator: of,
        alarmNameOverride: alarmName(environment, 'behind', of),
        alarmDescription: `${of} is behind: see which of its alarms for lag, latency, retries and throttles are raised.`,
        runbookLink: `${environment.runbook}#behind`,
        actionsSuppressor: platform,
      });
    }
  }
}

const alarmName = ({ name }: Environment, row: string, of: string | undefined): string =>
  ['qr', name, row, ...(of === undefined ? [] : [of])].join('-');

/** Alarms made of others, which have sections in docs/runbook.md as well. */
export const TOGETHER = ['behind', 'platform'] as const;
