/** A code of a finished batch, small enough to be shown. */
export interface ShownCode {
  readonly name: string;
  /** The picture as a data: URL. */
  readonly url: string;
}
