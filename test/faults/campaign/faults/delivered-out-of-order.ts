import { type TopicName, topic } from '../../../../lib/catalog/index.ts';
import type { SourceRecord } from '../../../../lib/local/functions/record.ts';
import { deliverAgain, deliveredOf } from '../redelivery.ts';
import { type Fault, requireHit } from './fault.ts';
import { pause } from './pause.ts';

const TOPICS = [
  'analytics-events',
  'payment-events',
  'ecommerce-sync',
  'team-collaboration',
  'audit-logs',
] as const satisfies readonly TopicName[];
const ROUNDS = 6;
const BATCH = 10;

/**
 * Batches come again in another order, newer ones first, as after a bisected batch or a rebalance. Within the limits of AWS:
 * a partition's records reach the function in order the first time, so of topics with an order only those before the group's
 * offset are mixed. Where the catalog asks for no order, those to come are as well.
 */
export const deliveredOutOfOrder: Fault = {
  name: 'delivered-out-of-order',
  about: 'Functions get batches again, newer ones first; of topics without an order also those that are yet to come.',
  stack: 'one broker',
  strike: async (scene) => {
    const { stack, dice, begun, note, signal } = scene;
    let count = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await pause(scene, 100, 600);
      const name = dice.pick(TOPICS);
      const batches: (readonly SourceRecord[])[] = [];
      for (const { records, committed } of await deliveredOf(stack, name, begun)) {
        const allowed = topic(name).ordering === 'none' ? records : records.filter(({ offset }) => offset < committed);
        for (let from = 0; from < allowed.length; from += BATCH) batches.push(allowed.slice(from, from + BATCH));
      }
      const mixed = batches.filter(() => dice.chance(0.5)).reverse();
      for (const batch of mixed) await deliverAgain(stack, name, batch, signal);
      note(`${name}: ${mixed.length} batches again, newest first`);
      count += mixed.length;
    }
    requireHit(count, 'batch');
  },
};
