import { type TopicName, topic } from '../../../../lib/catalog/index.ts';
import type { SourceRecord } from '../../../../lib/local/functions/record.ts';
import { deliverAgain, deliveredOf } from '../redelivery.ts';
import { type Fault, requireHit, type Scene } from './fault.ts';
import { ownScenes } from './own-scenes.ts';
import { pause } from './pause.ts';

const TOPICS = [
  'analytics-events',
  'payment-events',
  'ecommerce-sync',
  'team-collaboration',
  'audit-logs',
] as const satisfies readonly TopicName[];
const ROUNDS = 3;
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
    for (let round = 0; round < ROUNDS; round += 1) {
      await pause(scene, 100, 1_000);
      const counts = await Promise.all(ownScenes(scene, TOPICS).map(([name, own]) => again(name, own)));
      requireHit(Math.max(...counts), 'batch');
    }
  },
};

/** @returns how many batches of a topic came again */
const again = async (name: TopicName, { stack, dice, begun, note, signal }: Scene): Promise<number> => {
  const batches: (readonly SourceRecord[])[] = [];
  for (const { records, committed } of await deliveredOf(stack, name, begun)) {
    const allowed = topic(name).ordering === 'none' ? records : records.filter(({ offset }) => offset < committed);
    for (let from = 0; from < allowed.length; from += BATCH) batches.push(allowed.slice(from, from + BATCH));
  }
  const mixed = batches.filter(() => dice.chance(0.5)).reverse();
  for (const batch of mixed) await deliverAgain(stack, name, batch, signal);
  note(`${name}: ${mixed.length} batches again, newest first`);
  return mixed.length;
};
