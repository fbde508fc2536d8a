import type { TopicName } from '../../../../lib/catalog/index.ts';
import { topic } from '../../../../lib/catalog/index.ts';
import { resetGroup } from '../../../../lib/operations/group-reset.ts';
import type { ResetTarget } from '../../../../lib/operations/reset-plan.ts';
import { functionsUrl } from '../redelivery.ts';
import type { Fault } from './fault.ts';
import { pause } from './pause.ts';

const TOPICS = [
  'analytics-events',
  'payment-events',
  'ecommerce-sync',
  'team-collaboration',
  'audit-logs',
  'dead-letter-queue',
] as const satisfies readonly TopicName[];
const ROUNDS = 4;

/** An operator moves groups back while work goes on: everything since then is delivered again. */
export const groupsReset: Fault = {
  name: 'groups-reset',
  about: 'Groups are reset backwards while they work, to the earliest offset, a time, or some records back.',
  stack: 'one broker',
  strike: async (scene) => {
    const { stack, dice, note, begun } = scene;
    for (let round = 0; round < ROUNDS; round += 1) {
      await pause(scene, 100, 1_500);
      const name = dice.pick(TOPICS);
      const target = dice.pick<ResetTarget>([
        { to: 'earliest' },
        { to: 'datetime', time: new Date(begun) },
        { to: 'shift', by: -dice.integer(1, 60) },
      ]);
      const request = { group: topic(name).consumerGroup, topic: name, target };
      await resetGroup(stack.settings, request, functionsUrl(stack));
      note(`${request.group} reset: ${JSON.stringify(target)}`);
    }
  },
};
