import { settledOutcome } from './failing.ts';
import { lateAssemblies } from './late-assemblies.ts';
import { type DueEvent, joined, type Outcome, type Ports } from './outcome.ts';
import { recoverOthers } from './recovery.ts';

const PRIORITIES = ['normal', 'high'] as const;

/**
 * `bulk.qr.admission.due`: what every other event does in passing, for times when there is none. Tasks whose leases ran out
 * are published again or given up, batches that Redis has lost come back, and a batch whose assembly does not end is asked
 * for again.
 */
export const admissionDue = async ({ eventId }: DueEvent, ports: Ports): Promise<Outcome> => {
  const others = await recoverOthers(ports, '', eventId);
  const settled = await Promise.all(
    PRIORITIES.map(async (priority) =>
      settledOutcome(ports, await ports.admission(priority).settle(`${eventId}:${priority}`, {}), priority, eventId),
    ),
  );
  return joined(others, ...settled, await lateAssemblies(ports));
};
