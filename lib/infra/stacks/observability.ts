import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { BACKUP, deployedNames, type Environment, SCHEDULED_FUNCTIONS, TOPICS } from '../../catalog/index.ts';
import { deployedValue } from '../constructs/deployed-values.ts';
import { OnCall } from '../constructs/on-call.ts';
import { alarmsOf, Watch } from '../constructs/watch.ts';
import { EnvironmentStack } from '../environment-stack.ts';
import {
  BACKUP_ALARMS,
  BROKER_ALARMS,
  CACHE_ALARMS,
  CLUSTER_ALARMS,
  CONNECT_ALARMS,
  FUNCTION_ALARMS,
  plainLines,
  TOPIC_ALARMS,
  UPDATES_ALARMS,
  type WatchedBroker,
  type WatchedConnector,
  type WatchedFunction,
  type WatchedTopic,
  type WatchedUpdates,
} from '../watch/index.ts';

/**
 * Alarms, the dashboard and the way to the on-call. It knows the other stacks' things by their names, and the event source
 * mappings by the ids which the consumers write to the Parameter Store, so that no stack is held fast by this one.
 */
export class ObservabilityStack extends EnvironmentStack {
  /** @param connectors those of MSK Connect */
  constructor(scope: Construct, environment: Environment, connectors: readonly WatchedConnector[] = []) {
    super(scope, 'observability', environment, { description: 'Alarms and dashboard' });
    const { parameter } = deployedNames(environment.name);
    const topics = TOPICS.map(
      (topic): WatchedTopic => ({
        name: topic.name,
        environment,
        topic,
        mappingId: StringParameter.valueForStringParameter(this, parameter(`mapping/${topic.name}`)),
      }),
    );
    const brokers = Array.from(
      { length: environment.cluster.brokers },
      (_, i): WatchedBroker => ({ name: String(i + 1), broker: i + 1, environment }),
    );
    const functions: readonly WatchedFunction[] = [
      ...topics.map(({ name }) => ({ name, environment })),
      ...SCHEDULED_FUNCTIONS.map((scheduled) => ({ name: scheduled.name, environment, scheduled })),
      { name: BACKUP.name, environment },
    ];
    const { updates } = environment;
    const servers: readonly WatchedUpdates[] =
      updates === undefined
        ? []
        : [
            {
              environment,
              leastServers: updates.servers.least,
              balancer: deployedValue(this, environment.name, 'updates-balancer'),
              targets: deployedValue(this, environment.name, 'updates-targets'),
            },
          ];
    new Watch(this, 'Watch', {
      environment,
      alarms: [
        ...alarmsOf(TOPIC_ALARMS, topics),
        ...alarmsOf(FUNCTION_ALARMS, functions),
        ...alarmsOf(CLUSTER_ALARMS, [{ environment }]),
        ...alarmsOf(BROKER_ALARMS, brokers),
        ...alarmsOf(CACHE_ALARMS, [{ environment }]),
        ...alarmsOf(UPDATES_ALARMS, servers),
        ...alarmsOf(CONNECT_ALARMS, connectors),
        ...alarmsOf(BACKUP_ALARMS, [{ environment }]),
      ],
      lines: plainLines({ environment, topics, brokers: brokers.map(({ broker }) => broker) }),
      onCall: new OnCall(this, 'OnCall', environment).topic,
    });
  }
}
