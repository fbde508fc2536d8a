export { type Created, type CreateOptions, createBackup } from './create.ts';
export { backupsIn, type Manifest, PARTS, type Part, requireManifest, segmentsOf } from './manifest.ts';
export { openPlace, type Place } from './place.ts';
export type { OnProgress, Progress } from './progress.ts';
export { planRestore, type Restored, type RestorePlan, requireRoom, restoreBackup } from './restore.ts';
export { type Finding, verifyBackup } from './verify.ts';
