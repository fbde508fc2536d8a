import type { EventType } from '../../catalog/index.ts';
import type { EventInputs } from '../../events/index.ts';

/** An object that must lie in the bucket before the event speaks of it. */
export interface Prop {
  readonly key: string;
  readonly body: Uint8Array | string;
  readonly contentType: string;
}

/** An event that is about to happen. */
export type Draft = {
  [Type in EventType]: {
    readonly type: Type;
    readonly payload: EventInputs[Type];
    readonly props?: readonly Prop[];
  };
}[EventType];

/** Something that happens in several steps, one event each: what a team, a customer or a file goes through. */
export type Story = Iterator<Draft, void>;
