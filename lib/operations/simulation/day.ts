import type { Draft, Story } from './draft.ts';
import type { Stage } from './stage.ts';
import { KINDS, type Kind } from './stories/index.ts';

/**
 * A day without an end: at every step one of the stories that are under way goes on, chosen by its kind's share; where one
 * ends another of its kind begins.
 *
 * @yields events in the order in which they happen
 */
export function* day(stage: Stage): Generator<Draft, never> {
  const underWay = new Map<Kind, Story[]>(KINDS.map((kind) => [kind, []]));
  for (;;) {
    const kind = stage.dice.weighted(KINDS, ({ share }) => share);
    const stories = underWay.get(kind) ?? [];
    const at = stage.dice.integer(0, kind.atOnce - 1);
    const story = stories[at] ?? kind.begin(stage);
    const next = story.next();
    if (next.done === true) {
      stories.splice(at, 1);
      continue;
    }
    if (at >= stories.length) stories.push(story);
    yield next.value;
  }
}
