import { TOPICS } from '../../../lib/catalog/index.ts';
import { withAdmin } from '../../../lib/operations/cluster.ts';
import { whileAllPaused } from '../../../lib/operations/mappings.ts';
import { applyReset, planGroupReset } from '../../../lib/operations/offsets.ts';
import type { OwnStack } from '../../support/own-stack.ts';
import { functionsUrl } from './redelivery.ts';

/**
 * Repairs a cache that has lost its last writes: all groups go back to a time before the loss, and deliver again.
 *
 * @param since milliseconds since 1970
 */
export const repair = async (stack: OwnStack, since: number): Promise<void> => {
  const target = { to: 'datetime', time: new Date(since) } as const;
  const { settings } = stack;
  await whileAllPaused(functionsUrl(stack), async () => {
    await Promise.all(
      TOPICS.map(async ({ consumerGroup, name }) => {
        const plan = await withAdmin(settings, (admin) => planGroupReset(admin, consumerGroup, name, target));
        // A topic without a record of that time stays where it is: there is nothing to deliver again.
        const steps = plan.steps.filter(({ change }) => change > 0);
        if (steps.length > 0) await applyReset(settings, { ...plan, steps });
      }),
    );
  });
};
