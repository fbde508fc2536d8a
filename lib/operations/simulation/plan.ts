import { derivedEventId, type EventOf, eventOf } from '../../events/index.ts';
import { day } from './day.ts';
import type { Prop } from './draft.ts';
import { type Spoiling, spoilings } from './spoiling.ts';
import type { Stage } from './stage.ts';

/** One record that is about to be published. */
export interface Step {
  readonly event: EventOf;
  readonly props: readonly Prop[];
  /** How the record is broken on its way; undefined where it arrives as it should. */
  readonly spoiling: Spoiling | undefined;
  /** It is one that was published before. */
  readonly again: boolean;
}

/** How often something goes wrong on the way to the broker. */
const DUPLICATES = 0.02;
const SPOILED = 0.004;
/** Of so many of the last records one may come again. */
const REMEMBERED = 500;

/**
 * What is published, in order and without an end: a day's events, some of them twice, some of them spoiled.
 *
 * @param run makes the ids of the events, so that the same seed and run make the same ones
 */
export function* plan(stage: Stage, run: string): Generator<Step, never> {
  const { dice } = stage;
  const drafts = day(stage);
  const last: Step[] = [];
  for (let count = 1; ; ) {
    const earlier = dice.chance(DUPLICATES) ? last[dice.integer(0, REMEMBERED - 1)] : undefined;
    if (earlier !== undefined) {
      yield { ...earlier, again: true };
      continue;
    }
    const { type, payload, props = [] } = drafts.next().value;
    const origin = {
      source: 'simulation',
      eventId: derivedEventId(run, String(count)),
      timestamp: stage.ago(0),
    };
    const step = { event: eventOf(type, payload, origin), props, spoiling: undefined, again: false };
    count += 1;
    if (dice.chance(SPOILED)) {
      yield { ...step, spoiling: dice.pick(spoilings) };
      continue;
    }
    last.unshift(step);
    last.splice(REMEMBERED);
    yield step;
  }
}
