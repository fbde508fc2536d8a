/** What is said of a cache that has lost something, and what to do about it. */
export interface CacheFault {
  readonly detail: string;
  /** Calls of the command line. */
  readonly next: readonly string[];
}
