/**
 * Every error this project raises on purpose: code, what a person reads as a rule of thumb, whether trying again can help.
 * One closed list, so that dead letters, metrics and exit codes speak of the same things.
 */
export const ERROR_CODES = {
  // Records and events
  UNDECODABLE: 'permanent',
  UNKNOWN_EVENT_TYPE: 'permanent',
  INVALID_EVENT: 'permanent',
  TOMBSTONE: 'permanent',
  RULE_VIOLATED: 'permanent',
  /** Redis would refuse the record's writes each time. */
  STORE_REFUSED: 'permanent',
  // Bulk batches
  BATCH_INVALID: 'permanent',
  TEMPLATE_INVALID: 'permanent',
  // Components out of reach
  REGISTRY_UNAVAILABLE: 'transient',
  REDIS_UNAVAILABLE: 'transient',
  OBJECT_STORE_UNAVAILABLE: 'transient',
  BROKER_UNAVAILABLE: 'transient',
  DATABASE_UNAVAILABLE: 'transient',
  CERTIFICATE_AUTHORITY_UNAVAILABLE: 'transient',
  /** SES or SNS. */
  PROVIDER_UNAVAILABLE: 'transient',
  /** Two invocations write to one owner. */
  CONFLICT: 'transient',
  TIMED_OUT: 'transient',
  /** Thrown by code that gave it no code of its own. */
  UNEXPECTED: 'transient',
  // Schemas
  SCHEMA_INCOMPATIBLE: 'permanent',
  SCHEMA_UNKNOWN: 'permanent',
  // What an operator or the command line meets
  USAGE: 'permanent',
  NOT_FOUND: 'permanent',
  REFUSED: 'permanent',
  PREREQUISITE_MISSING: 'permanent',
  PORT_TAKEN: 'permanent',
  /** There is no room on the disk of a stack's folder. */
  DISK_FULL: 'transient',
  SERVICE_FAILED: 'transient',
} as const satisfies Record<string, 'permanent' | 'transient'>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Whether trying the same again can help: `transient` yes, `permanent` no. */
export type FailureClass = (typeof ERROR_CODES)[ErrorCode];

/**
 * An error with a code and a next step.
 *
 * @param code one of {@link ERROR_CODES}
 * @param message one sentence that a person who did not write the code understands
 * @param options.next what to do about it, one sentence
 * @param options.cause the error behind it
 */
export class StreamError extends Error {
  override readonly name: string = 'StreamError';
  readonly code: ErrorCode;
  readonly next: string | undefined;

  constructor(code: ErrorCode, message: string, options: { next?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.next = options.next;
  }

  get failureClass(): FailureClass {
    return ERROR_CODES[this.code];
  }
}

/** The record can never succeed: it goes to the dead-letter queue at once, with this message as its reason. */
export class PermanentError extends StreamError {
  override readonly name = 'PermanentError';

  override get failureClass(): FailureClass {
    return 'permanent';
  }
}

/** Something around the record failed: the record is tried again, and what follows it in its partition waits. */
export class TransientError extends StreamError {
  override readonly name = 'TransientError';

  override get failureClass(): FailureClass {
    return 'transient';
  }
}

/** The text of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
