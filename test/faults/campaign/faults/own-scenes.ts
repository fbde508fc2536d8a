import type { TopicName } from '../../../../lib/catalog/index.ts';
import { dice } from '../../../../lib/operations/simulation/dice.ts';
import type { Scene } from './fault.ts';

const SEEDS = 2 ** 30;

/** The scene for each topic, with chance of its own: what is done side by side must not depend on who asks first. */
export const ownScenes = <Name extends TopicName>(
  scene: Scene,
  topics: readonly Name[],
): readonly (readonly [Name, Scene])[] =>
  topics.map((name) => [name, { ...scene, dice: dice(scene.dice.integer(0, SEEDS)) }] as const);
