export { type Created, type CreateOptions, createBackup } from './create.ts';
export { backupsIn, type Manifest, PARTS, type Part, requireManifest, segmentsOf } from './manifest.ts';
export { openPlace, type Place } from './place.ts';
export type { OnProgress, Progress } from './progress.ts';
export { obstaclesTo, requireRestorable } from './restorable.ts';
export { planRestore, type Restored, requireRoom, restoreBackup } from './restore.ts';
export type { RestorePlan } from './restore-parts.ts';
export type { Finding } from './verify.ts';
