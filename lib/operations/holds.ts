import { PermanentError } from '../errors.ts';
import { eventOf, openPublisher } from '../events/index.ts';
import type { Settings } from '../settings.ts';
import { type Hold, isInForce, liftHold, listHolds, putHold } from '../stores/holds.ts';
import { type ObjectStore, openObjects } from '../stores/objects.ts';

/** A hold as an operator sees it. */
export interface ShownHold extends Hold {
  /** False once its time is over. */
  readonly inForce: boolean;
}

const SOURCE = 'stream-manager';

const withObjects = async <Result>(
  settings: Settings,
  work: (objects: ObjectStore) => Promise<Result>,
): Promise<Result> => {
  const objects = openObjects(settings);
  try {
    return await work(objects);
  } finally {
    objects.close();
  }
};

/** Writes an audit record; the reason of a hold stays with the hold, because it may name persons. */
const remembered = async (
  settings: Settings,
  action: string,
  { kind, subject, until = null }: Pick<Hold, 'kind' | 'subject'> & { readonly until?: string | null },
): Promise<void> => {
  const publisher = openPublisher(settings, { clientId: SOURCE, retries: 2 });
  try {
    await publisher.publish(
      eventOf(
        'audit.recorded',
        {
          ...(kind === 'user' ? { tenantId: subject } : {}),
          actor: SOURCE,
          action,
          resource: `${kind}/${subject}`,
          after: JSON.stringify({ until }),
          at: new Date().toISOString(),
        },
        { source: SOURCE },
      ),
    );
  } finally {
    await publisher.close();
  }
};

/** All holds, in the order of their subjects. */
export const showHolds = async (settings: Settings): Promise<readonly ShownHold[]> => {
  const holds = await withObjects(settings, listHolds);
  return holds.map((hold) => ({ ...hold, inForce: isInForce(hold, Date.now()) }));
};

/** Sets a hold and remembers it in the audit log. */
export const addHold = async (settings: Settings, hold: Hold): Promise<void> => {
  await withObjects(settings, (objects) => putHold(objects, hold));
  await remembered(settings, 'hold.added', hold);
};

/**
 * Lifts a hold and remembers it in the audit log.
 *
 * @throws PermanentError NOT_FOUND when there is none
 */
export const removeHold = async (settings: Settings, hold: Pick<Hold, 'kind' | 'subject'>): Promise<void> => {
  if (!(await withObjects(settings, (objects) => liftHold(objects, hold)))) {
    throw new PermanentError('NOT_FOUND', `There is no hold on ${hold.kind} ${hold.subject}.`, {
      next: 'See them: ./stream-manager.sh hold list',
    });
  }
  await remembered(settings, 'hold.removed', hold);
};
