import type { TopicName } from '../../../../lib/catalog/index.ts';
import type { SourceRecord } from '../../../../lib/local/functions/record.ts';
import { whilePaused } from '../../../../lib/operations/mappings.ts';
import { type Delivered, deliverAgain, deliveredOf, functionsUrl } from '../redelivery.ts';
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
/**
 * An invocation that was thought dead goes on beside its successor: records before the group's offset, and those that are in
 * flight, reach the function once more, in their order, cut into other batches, two of them side by side.
 */
export const deliveredTwice: Fault = {
  name: 'delivered-twice',
  about: 'Functions get records again that they have, or are at: cut into other batches, two invocations side by side.',
  stack: 'one broker',
  strike: async (scene) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await pause(scene, 100, 500);
      const counts = await Promise.all(ownScenes(scene, TOPICS).map(([name, own]) => again(name, own)));
      requireHit(Math.max(...counts), 'record');
    }
  },
};

/** @returns how many records of a topic came again */
const again = async (name: TopicName, scene: Scene): Promise<number> => {
  // What gathers while the mapping rests is in flight when it goes on: our invocations get it at the same time.
  const partitions = await whilePaused(functionsUrl(scene.stack), name, async () => {
    await pause(scene, 300, 1_000);
    return deliveredOf(scene.stack, name, scene.begun);
  });
  const runs = partitions.map((partition) => someOf(partition, scene)).filter(({ length }) => length > 0);
  await Promise.all([deliverAll(scene, name, runs), deliverAll(scene, name, runs)]);
  scene.note(`${name}: ${runs.flat().length} records again, twice`);
  return runs.flat().length;
};

/** Records of one partition from somewhere before its group's offset on, and of those in flight the first ones. */
const someOf = ({ records, committed }: Delivered, { dice }: Scene): readonly SourceRecord[] => {
  const at = records.findIndex(({ offset }) => offset >= committed);
  const settled = at < 0 ? records.length : at;
  const from = dice.integer(0, settled);
  return records.slice(from, dice.integer(settled, records.length));
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
