export { PERIOD_NAMES, type PeriodName, WINDOWS, type Window } from './analytics.ts';
export { BACKUP, BACKUP_PREFIX, type BackupSettings, CACHE_READER_ACCESS } from './backup.ts';
export type { ConnectDatabase, ConnectorSettings, ConnectPlace, ConnectSearch } from './connect.ts';
export { type DeployedNames, type DeployedValue, deployedNames } from './deployed.ts';
export { DEPLOYMENT_FUNCTIONS, type DeploymentFunction, SCHEMA_REGISTRAR } from './deployment-functions.ts';
export {
  type AlarmThresholds,
  type ClusterSize,
  ENVIRONMENT_NAMES,
  type Environment,
  type EnvironmentName,
  environment,
  isEnvironmentName,
  type Product,
  type UpdatesPlace,
} from './environments.ts';
export { CONNECT_TOPICS, isInternalTopic } from './internal-topics.ts';
export { DEAD_LETTER_TOPIC, isTopicName, TOPIC_NAMES, type TopicName } from './names.ts';
export { isPlan, PLANS, type PlanLimits, type PlanName } from './plans.ts';
export { PRICES, type Price, type PriceName } from './prices.ts';
export { isPolicy, POLICIES, type PolicyName, RETENTION } from './retention.ts';
export { SCHEDULED_FUNCTIONS, type ScheduledFunction } from './scheduled.ts';
export {
  CHANNELS,
  type Channel,
  isTemplate,
  TEMPLATES,
  type TemplateData,
  type TemplateName,
} from './templates.ts';
export {
  days,
  type FunctionSettings,
  type KeyRule,
  type MappingSettings,
  type Ordering,
  type Topic,
  topicSettings,
} from './topic.ts';
export { type EventType, type EventTypeOn, eventTypesOf, isEventType, TOPICS, topic, topicOf } from './topics.ts';
export { UPDATES } from './updates.ts';
