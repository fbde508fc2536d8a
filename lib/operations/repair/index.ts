export { type CacheCheck, checkCache, isWhole } from './cache-check.ts';
export type { CacheFault } from './cache-fault.ts';
export { cacheFault } from './cache-text.ts';
export { whileDisabled } from './deployed-mappings.ts';
export { planRepair, type RepairPlan, type RepairRequest } from './plan.ts';
export { type Repaired, type RepairedTopic, repairCache } from './repair.ts';
export { type Gap, type Rewind, replayedBy } from './rewind-plan.ts';
export { openSnapshot, type Snapshot } from './snapshot.ts';
