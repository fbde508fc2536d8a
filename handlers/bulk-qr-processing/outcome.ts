import type { PermanentError } from '../../lib/errors.ts';
import type { EventOf } from '../../lib/events/envelope.ts';
import type { EventPayloads } from '../../lib/events/payloads.generated.ts';
import type { ObjectStore } from '../../lib/stores/objects.ts';
import type { Redis } from '../../lib/stores/redis.ts';
import type { Admission, Priority, Task } from './admission.ts';
import type { Batch } from './batch-state.ts';

/** Where the handlers of bulk batches reach the world. */
export interface Ports {
  readonly objects: ObjectStore;
  readonly redis: Redis;
  readonly admission: (priority: Priority) => Admission;
  /** Name of the admission windows, which tests change. */
  readonly admissionName: string;
  /** Now, ISO 8601, UTC. */
  readonly now: () => string;
}

type FollowUpType =
  | 'bulk.qr.generation.requested'
  | 'bulk.qr.chunk.requested'
  | 'bulk.qr.assembly.requested'
  | 'bulk.qr.generation.completed'
  | 'bulk.qr.generation.failed';

/** An event to publish; its id derives from the handled event, its type and `name`. */
export type FollowUp = {
  [Type in FollowUpType]: { readonly type: Type; readonly payload: EventPayloads[Type]; readonly name: string };
}[FollowUpType];

/** Something for the user's stream. */
export interface UserUpdate {
  readonly userId: string;
  readonly type: 'bulk.qr.progress' | 'bulk.qr.completed' | 'bulk.qr.failed';
  readonly data: Readonly<Record<string, unknown>>;
}

/** What handling an event comes to. */
export interface Outcome {
  readonly events: readonly FollowUp[];
  readonly updates: readonly UserUpdate[];
  /** Set when the record itself is to go to the dead-letter queue, after the events and updates are out. */
  readonly reject?: PermanentError;
}

export const NOTHING: Outcome = { events: [], updates: [] };

export const joined = (...outcomes: readonly Outcome[]): Outcome => {
  const reject = outcomes.find((outcome) => outcome.reject !== undefined)?.reject;
  return {
    events: outcomes.flatMap(({ events }) => events),
    updates: outcomes.flatMap(({ updates }) => updates),
    ...(reject === undefined ? {} : { reject }),
  };
};

/** The follow-up that publishes a task. */
export const taskEvent = (task: Task, priority: Priority): FollowUp => {
  const { batchId, userId } = task;
  if (task.kind === 'plan') {
    const { templateId, itemCount } = task;
    const payload = { batchId, userId, templateId, itemCount, priority };
    return { type: 'bulk.qr.generation.requested', name: `plan/${batchId}`, payload };
  }
  const { chunk } = task;
  return {
    type: 'bulk.qr.chunk.requested',
    name: `chunk/${batchId}/${chunk}`,
    payload: { batchId, userId, chunk, priority },
  };
};

export const assemblyEvent = ({ batchId, userId }: Pick<Batch, 'batchId' | 'userId'>): FollowUp => ({
  type: 'bulk.qr.assembly.requested',
  name: `assembly/${batchId}`,
  payload: { batchId, userId },
});

/** How far a batch is. `done` and `failed` never fall; of two updates the one with the larger sum is the newer. */
export const progressOf = ({ batchId, userId, state, done, failed, total }: Batch): UserUpdate => ({
  userId,
  type: 'bulk.qr.progress',
  data: { batchId, state, done, failed, total },
});

/** What the object of an open batch holds. */
export interface OpenBatch {
  /** Which attempt at the batch this is, from 1. */
  readonly attempt: number;
  readonly batchId: string;
  readonly userId: string;
  readonly templateId: string;
  readonly itemCount: number;
  readonly priority: Priority;
  readonly requestedAt: string;
}

export type RequestEvent = EventOf<'bulk.qr.generation.requested'>;
export type ChunkEvent = EventOf<'bulk.qr.chunk.requested'>;
export type AssemblyEvent = EventOf<'bulk.qr.assembly.requested'>;
export type DueEvent = EventOf<'bulk.qr.admission.due'>;
