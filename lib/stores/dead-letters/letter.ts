/** What wrote a dead letter: our harness, Lambda's on-failure destination, Kafka Connect, or nobody we know. */
export const LETTER_SHAPES = ['ours', 'lambda', 'connect', 'unknown'] as const;

export type LetterShape = (typeof LETTER_SHAPES)[number];

/**
 * - `open`: waits for a person
 * - `retrying`: is put back by itself at {@link Letter.nextRetryAt}
 * - `redriven`: was put back by a person, and has not come back
 * - `parked`: came back too often, or cannot be put back; nothing happens by itself any more
 * - `discarded`: a person said that it is not to take effect; it goes by age
 * - `done`: took effect, before or after it was given up
 */
export const LETTER_STATUSES = ['open', 'retrying', 'redriven', 'parked', 'discarded', 'done'] as const;

export type LetterStatus = (typeof LETTER_STATUSES)[number];

export type ErrorClass = 'permanent' | 'transient';

/** The record as it was on its topic, byte for byte. */
export interface Original {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In order; a name may repeat. */
  readonly headers: readonly (readonly [name: string, value: Buffer])[];
  /** When it was first written to its topic, milliseconds since 1970, where that is known. */
  readonly timestamp?: number;
}

/** Why and where a record failed, whoever has told it. */
export interface DeadLetter {
  /** Where it lay at first, `topic-partition-offset`: the same record is the same letter, however often it fails. */
  readonly id: string;
  readonly shape: LetterShape;
  readonly topic: string;
  /** -1 where it is not known. */
  readonly partition: number;
  readonly offset: number;
  /** The consumer group that gave it up. */
  readonly consumer: string;
  readonly errorClass: ErrorClass;
  /** Short name of the reason, e.g. `INVALID_EVENT`, `RETRIES_EXHAUSTED`. */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  /** How often it was tried. */
  readonly attempts: number;
  /** ISO 8601, UTC. */
  readonly firstFailure: string;
  readonly lastFailure: string;
  /** How often it was put back before it failed this time. */
  readonly redriveCount: number;
  /** Whether there is a record, and a topic to put it back on. */
  readonly redrivable: boolean;
}

/**
 * Putting a record back takes two steps that no store does in one: the broker gets it, then its letter says so. An intention
 * is therefore written down before. Whoever finds one of a process that is gone looks into the log whether the record came
 * to be there, instead of putting it back a second time.
 */
export interface Intention {
  /** For which time it is put back. */
  readonly redriveCount: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Who does it. */
  readonly by: string;
  /** Whether it was to be put back by itself, so that something may still be scheduled. */
  readonly wasRetrying: boolean;
}

/** A letter as the index has it. */
export interface Letter extends DeadLetter {
  readonly status: LetterStatus;
  /** How often it was dead-lettered. */
  readonly times: number;
  /** ISO 8601, UTC; of a letter that is `retrying`. */
  readonly nextRetryAt?: string;
  /** Hash tag of the record's owner, where its consumer is one of our functions: its bookkeeping tells what has taken effect. */
  readonly owner?: string;
  /** Users whose data the record holds. */
  readonly users: readonly string[];
  /** Ties it to everything that the same request caused; absent where the record does not say. */
  readonly correlationId?: string;
  /** What a person said why it is parked or discarded. */
  readonly why?: string;
  /** Whether a person has replaced its payload. */
  readonly patched?: true;
  /** Present while somebody puts it back, or where that was cut off. */
  readonly puttingBack?: Intention;
}

/** Key under which the next try of a letter is scheduled. */
export const retryKey = (id: string): string => `dead-letter/${id}`;
