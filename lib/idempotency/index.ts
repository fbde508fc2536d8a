export {
  applyInTurn,
  applyOnce,
  type ClaimStatus,
  type Consumed,
  claimDeadLetter,
  DUPLICATES_SECONDS,
  type Entry,
  type Found,
  keepApplied,
  MOST_ENTRIES,
  markDeadLettered,
  type RecordStatus,
  statusesOf,
  UNKNOWN_RECORD,
  versionOf,
  writeInTurn,
  writeUnlessThere,
} from './bookkeeping.ts';
export { type CacheLoss, forgetLosses, readLosses, reportLoss } from './cache-loss.ts';
export { type CacheRepair, forgetRepair, readRepair, rememberRepair } from './cache-repair.ts';
export { duplicateIdOf, identityOf, ownerOf, type RecordIdentity } from './identity.ts';
export {
  birthsOf,
  countRepaired,
  lifeAt,
  noteDelivery,
  type PartitionDelivery,
  type PartitionLog,
  wasDelivered,
} from './partition-log.ts';
export {
  beginRepair,
  endRepair,
  knowledgeOf,
  type Partition,
  type PartitionKnowledge,
} from './partition-repair.ts';
export { entryFor, type KnownRecord, letterIdNow, statusesOfRecords, tagOf } from './statuses.ts';
