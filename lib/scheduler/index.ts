export { entryObjects, type Scheduled, withOtherValue } from './entry.ts';
export { type Periodic, publishPeriodic } from './periodic.ts';
export { publishDue, SCHEDULER } from './publish-due.ts';
export { runScheduler, type SchedulerPorts } from './run.ts';
export { openSchedule, type Schedule } from './schedule.ts';
