export { type AlarmRow, type Graph, SECTIONS, type Section, type Watched } from './alarm.ts';
export { BACKUP_ALARMS } from './backup-alarms.ts';
export { CACHE_ALARMS } from './cache-alarms.ts';
export { BROKER_ALARMS, CLUSTER_ALARMS, type WatchedBroker } from './cluster-alarms.ts';
export { CONNECT_ALARMS, type WatchedConnector } from './connect-alarms.ts';
export { FUNCTION_ALARMS, type WatchedFunction } from './function-alarms.ts';
export { plainLines } from './lines.ts';
export { TOPIC_ALARMS, type WatchedTopic } from './topic-alarms.ts';
export { UPDATES_ALARMS, type WatchedUpdates } from './updates-alarms.ts';
