export { applyFiles, planFiles, untilRunning, validateFiles } from './apply.ts';
export { type ConnectorFile, connectorFiles } from './files.ts';
export { forgetConnector } from './forget.ts';
export { type Planned, planned } from './plan.ts';
export {
  type BriefConnector,
  type ConnectorSummary,
  faultOfTrace,
  listConnectors,
  requireConnector,
  stateOf,
  type TaskSummary,
  whyFailed,
  withoutTraces,
} from './status.ts';
export { type ConnectorConfig, openWorker, type Worker } from './worker.ts';
