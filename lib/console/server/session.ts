/** What the page is told at its start: `GET /api/session`. */
export interface Session {
  /** Goes with every change, in the header `x-qr-csrf`. */
  readonly csrf: string;
  /** Nothing can be changed; the page offers nothing of the kind. */
  readonly readOnly: boolean;
  /** Who uses it had to show a token. */
  readonly hasToken: boolean;
}
