/** What a start tells while it goes on. */
export type Progress =
  | {
      readonly step: 'fetch';
      /** Package that is being downloaded. */
      readonly name: string;
      /** Megabytes received, and what there will be, about. */
      readonly megabytes: number;
      readonly total: number;
      readonly done: boolean;
    }
  | {
      readonly step: 'service';
      readonly name: string;
      readonly state: 'starting' | 'healthy';
      readonly endpoint: string;
      /** Milliseconds from start to healthy; zero for one that was up. */
      readonly ms: number;
    }
  /** Anything else worth a line. */
  | { readonly step: 'note'; readonly text: string };

export type OnProgress = (progress: Progress) => void;
