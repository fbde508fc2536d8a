import type { TopicName } from '../../../../lib/catalog/index.ts';
import type { SourceRecord } from '../../../../lib/local/functions/record.ts';
import { type Delivered, deliverAgain, deliveredOf } from '../redelivery.ts';
import { type Fault, requireHit, type Scene } from './fault.ts';
import { pause } from './pause.ts';

const TOPICS = [
  'analytics-events',
  'payment-events',
  'ecommerce-sync',
  'team-collaboration',
  'audit-logs',
] as const satisfies readonly TopicName[];
const ROUNDS = 5;
/** Records that the mapping may hold in a batch at this moment: a poller that was thought dead has them too. */
const IN_FLIGHT = 20;

/**
 * An invocation that was thought dead goes on beside its successor: records before the group's offset, and those that are in
 * flight, reach the function once more, in their order, cut into other batches, two of them side by side.
 */
export const deliveredTwice: Fault = {
  name: 'delivered-twice',
  about: 'Functions get records again that they have, or are at: cut into other batches, two invocations side by side.',
  stack: 'one broker',
  strike: async (scene) => {
    let count = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await pause(scene, 100, 800);
      const name = scene.dice.pick(TOPICS);
      const partitions = await deliveredOf(scene.stack, name, scene.begun);
      const runs = partitions.map((partition) => someOf(partition, scene)).filter(({ length }) => length > 0);
      await Promise.all([deliverAll(scene, name, runs), deliverAll(scene, name, runs)]);
      scene.note(`${name}: ${runs.flat().length} records again, twice`);
      count += runs.flat().length;
    }
    requireHit(count, 'record');
  },
};

/** Records of one partition from somewhere before its group's offset up to those in flight. */
const someOf = ({ records, committed }: Delivered, { dice }: Scene): readonly SourceRecord[] => {
  const at = records.findIndex(({ offset }) => offset >= committed);
  const settled = at < 0 ? records.length : at;
  const from = dice.integer(0, settled);
  return records.slice(from, dice.integer(from, settled + IN_FLIGHT));
};

/** One partition after the other, each in batches of chance. */
const deliverAll = async (
  { stack, dice, signal }: Scene,
  name: TopicName,
  runs: readonly (readonly SourceRecord[])[],
): Promise<void> => {
  for (const records of runs) {
    for (let from = 0; from < records.length; ) {
      const to = from + dice.integer(1, records.length - from);
      await deliverAgain(stack, name, records.slice(from, to), signal);
      from = to;
    }
  }
};
