/** How much one server takes on. */
export interface Limits {
  /** Connections altogether; further ones are told to come back (503). */
  readonly connections: number;
  /** Connections of one user: tabs, devices; further ones are told to come back (429). */
  readonly perUser: number;
  /** Bytes that are kept for a connection whose client does not take them. */
  readonly bufferBytes: number;
  /** A client that takes nothing for so long, while there is something, is let go; milliseconds. */
  readonly stalledMs: number;
  /** Between two signs of life on a quiet connection, milliseconds; less than what lies between ends a quiet one after. */
  readonly heartbeatMs: number;
}

export const LIMITS: Limits = {
  connections: 5_000,
  perUser: 10,
  bufferBytes: 64 * 1024,
  stalledMs: 30_000,
  heartbeatMs: 15_000,
};
