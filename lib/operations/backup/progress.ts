/** How far a backup or a restore is. */
export interface Progress {
  readonly step: 'schemas' | 'redis' | 'objects' | 'records' | 'groups' | 'files';
  readonly done: number;
  /** 0 while it is not known. */
  readonly total: number;
}

export type OnProgress = (progress: Progress) => void;
