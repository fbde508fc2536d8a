import type { ObjectStore } from '../../../../lib/stores/objects.ts';
import type { Redis } from '../../../../lib/stores/redis.ts';
import type { Act, Stage } from '../act.ts';
import type { AuditLog } from './audit-log.ts';

/** Where effects are read back. The bookkeeping of idempotency is not asked: it is what the campaign tests. */
export interface Stores {
  readonly redis: Redis;
  readonly objects: ObjectStore;
  readonly auditLog: AuditLog;
}

/** What was found of the acts of one kind. */
export interface Observation {
  /** Ids in each log, in its order. */
  readonly logs: ReadonlyMap<string, readonly string[]>;
  readonly sums: ReadonlyMap<string, number>;
  /** What contradicts itself, in sentences. */
  readonly faults: readonly string[];
}

/** One kind of effect: what brings it about, and how it is read back. */
export interface Effect {
  readonly name: string;
  /** The acts of a run, in the order in which they happen. */
  plan(stage: Stage): readonly Act[];
  /** @param run the run's name */
  observe(run: string, stores: Stores): Promise<Observation>;
}
