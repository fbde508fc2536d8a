import type { SeenEvent } from './events.ts';

/** An event in the tree of causes. */
export interface Placed extends SeenEvent {
  /** Its number, from 1, in the order in which they came onto their topics. */
  readonly n: number;
  /** Number of the event that caused it; null where that is none of these. */
  readonly causedBy: number | null;
  /** How many causes stand before it. */
  readonly depth: number;
}

/** Events with their place in the tree of causes; those that cause each other in a circle begin anew. */
export const placed = (events: readonly SeenEvent[]): readonly Placed[] => {
  const first = new Map<string, number>();
  for (const [i, { eventId }] of events.entries()) if (eventId !== null && !first.has(eventId)) first.set(eventId, i);
  const causeOf = (i: number): number | undefined => {
    const id = events[i]?.causationId ?? null;
    const cause = id === null ? undefined : first.get(id);
    return cause === i ? undefined : cause;
  };
  return events.map((event, i) => {
    const passed = new Set([i]);
    let depth = 0;
    for (let cause = causeOf(i); cause !== undefined && !passed.has(cause); cause = causeOf(cause)) {
      passed.add(cause);
      depth += 1;
    }
    const cause = causeOf(i);
    return { ...event, n: i + 1, causedBy: cause === undefined ? null : cause + 1, depth };
  });
};

/** An event and everything that came of it. */
export const offspring = (events: readonly SeenEvent[], eventId: string): readonly SeenEvent[] => {
  const family = new Set([eventId]);
  // A cause may have come onto its topic after what it caused, by another machine's clock.
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { eventId: id, causationId } of events) {
      if (id !== null && causationId !== null && family.has(causationId)) family.add(id);
    }
  }
  return events.filter(({ eventId: id }) => id !== null && family.has(id));
};
