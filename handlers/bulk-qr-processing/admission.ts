import type { Redis } from '../../lib/stores/redis.ts';
import { ADMIT, SETTLE } from './admission-scripts.ts';
import { WORK } from './limits.ts';

/**
 * Kafka knows no priorities: a record waits for all that lie before it in its partition. So the backlog is not kept in the
 * partitions. Of each priority class at most {@link WORK.windowChunks} tasks are published and not done; what else there
 * is waits in a list in Redis, batch after batch in turns, and each task that is done lets the next one out. A batch of
 * the other class has a window of its own, and waits for no more than the few tasks that are under way.
 *
 * A published task holds a lease. A function that dies leaves its record to Kafka's re-delivery; a task that is lost for
 * good (its record was dead-lettered) loses its lease after {@link WORK.leaseMs} and is published again, at most
 * {@link WORK.leases} times in all, then its batch is given up. Leases are looked at whenever a task of the class enters
 * or ends, and once a minute.
 */
export type Priority = 'normal' | 'high';

/** A batch whose items are to be read. */
export interface PlanTask {
  readonly kind: 'plan';
  readonly batchId: string;
  readonly userId: string;
  readonly templateId: string;
  readonly itemCount: number;
}

/** A chunk that is to be rendered. */
export interface ChunkTask {
  readonly kind: 'chunk';
  readonly batchId: string;
  readonly userId: string;
  readonly chunk: number;
}

export type Task = PlanTask | ChunkTask;

/** Chunks `from` to `to`, both included, of one batch. */
export interface ChunkRange {
  readonly batchId: string;
  readonly userId: string;
  readonly from: number;
  readonly to: number;
}

/** What a step of the window let out. */
export interface Settled {
  /** Tasks to publish now. */
  readonly admitted: readonly Task[];
  /** Tasks whose leases ran out too often: their batches are to fail. */
  readonly abandoned: readonly Task[];
}

/** The admission window of one priority class. */
export interface Admission {
  /** Asks for a place for a task whose event is being handled. `false`: it waits in the list and will be published again. */
  admit(cause: string, task: PlanTask): Promise<boolean>;
  /**
   * Ends a task and adds others. The answer is remembered under `cause`: asked again, it is the same, so that a function
   * that dies before it has published lets the same tasks out when its record is delivered again.
   */
  settle(
    cause: string,
    change: { readonly release?: Task; readonly enqueue?: readonly (ChunkRange | PlanTask)[] },
  ): Promise<Settled>;
}

/** How wide the window is and how long its leases are. */
export interface AdmissionSettings {
  readonly window: number;
  readonly leaseMs: number;
  readonly leases: number;
  readonly memoSeconds: number;
  /** Tells windows of tests apart. */
  readonly name: string;
}

export const ADMISSION_DEFAULTS: AdmissionSettings = {
  window: WORK.windowChunks,
  leaseMs: WORK.leaseMs,
  leases: WORK.leases,
  memoSeconds: WORK.memoSeconds,
  name: 'bulk-admission',
};

/** Names a task in the set of leases. */
const leaseOf = (task: Task): string => JSON.stringify([task.batchId, task.kind === 'plan' ? 'plan' : task.chunk]);

/** As the scripts keep it: `[batchId, userId, from, to]` or `[batchId, userId, templateId, itemCount, 'plan']`. */
type Entry = readonly [string, string, number, number] | readonly [string, string, string, number, 'plan'];

const entryOf = (work: ChunkRange | PlanTask): Entry =>
  'kind' in work
    ? [work.batchId, work.userId, work.templateId, work.itemCount, 'plan']
    : [work.batchId, work.userId, work.from, work.to];

const taskOf = (entry: Entry): Task =>
  entry.length === 5
    ? { kind: 'plan', batchId: entry[0], userId: entry[1], templateId: entry[2], itemCount: entry[3] }
    : { kind: 'chunk', batchId: entry[0], userId: entry[1], chunk: entry[2] };

/** The keys of a class; one hash tag, so that a script may use them all in a cluster. */
export const admissionKeys = (priority: Priority, name: string = ADMISSION_DEFAULTS.name) => {
  const root = `bulk:{${name}}`;
  return {
    leases: `${root}:${priority}:leases`,
    pending: `${root}:${priority}:pending`,
    tasks: `${root}:${priority}:tasks`,
    tries: `${root}:${priority}:tries`,
    memo: (cause: string): string => `${root}:memo:${cause}`,
    /** When each batch was first seen assembling, of both classes. */
    assembling: `${root}:assembling`,
    /** There while Redis has its data. */
    epoch: `${root}:epoch`,
  };
};

/** The window of `priority`. */
export const admissionOf = (
  redis: Redis,
  priority: Priority,
  settings: AdmissionSettings = ADMISSION_DEFAULTS,
): Admission => {
  const keys = admissionKeys(priority, settings.name);
  const run = async (script: string, cause: string, args: readonly string[]): Promise<string> => {
    const { leases, pending, tasks, tries, memo } = keys;
    const { window, leaseMs, leases: limit, memoSeconds } = settings;
    const all = [window, leaseMs, limit, memoSeconds, ...args];
    return String(await redis.eval(script, 5, leases, pending, tasks, tries, memo(cause), ...all));
  };
  return {
    admit: async (cause, task) =>
      (await run(ADMIT, `${cause}:admit`, [leaseOf(task), JSON.stringify(entryOf(task))])) === 'admitted',
    settle: async (cause, { release, enqueue = [] }) => {
      const lease = release === undefined ? '' : leaseOf(release);
      const answer = await run(SETTLE, `${cause}:settle`, [
        lease,
        ...enqueue.map((work) => JSON.stringify(entryOf(work))),
      ]);
      const { admitted, abandoned }: { admitted: Entry[]; abandoned: Entry[] } = JSON.parse(answer);
      return { admitted: admitted.map(taskOf), abandoned: abandoned.map(taskOf) };
    },
  };
};
