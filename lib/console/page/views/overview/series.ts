import type { Slot, TopicSlot } from '../../../../operations/figures/history.ts';
import type { Series } from '../../parts/chart.tsx';

/** The slots are of so many seconds, as lib/operations/figures/history.ts makes them. */
const SLOT_SECONDS = 3;

/** `undefined`: all topics together. */
const slotOf = (slot: Slot, topic: string | undefined): TopicSlot | undefined =>
  topic === undefined ? slot.all : slot.topics[topic];

const sum = (values: Readonly<Record<string, number>>): number =>
  Object.values(values).reduce((total, each) => total + each, 0);

const levelOf = (slot: Slot, name: 'lag' | 'published', topic: string | undefined): number | null => {
  const values = slot.levels?.[name];
  // Rates are known from the second look on.
  if (values === undefined || Object.keys(values).length === 0) return null;
  return topic === undefined ? sum(values) : (values[topic] ?? null);
};

export interface Charts {
  readonly throughput: readonly Series[];
  readonly latency: readonly Series[];
  readonly lag: readonly Series[];
  readonly errors: readonly Series[];
  readonly memory: readonly Series[];
}

/** Values of the charts, one a slot. @param topic all of them unless given */
export const chartsOf = (slots: readonly Slot[], topic: string | undefined): Charts => {
  const each = (value: (slot: Slot) => number | null): readonly (number | null)[] => slots.map(value);
  return {
    throughput: [
      { label: 'published', colour: 3, values: each((slot) => levelOf(slot, 'published', topic)) },
      {
        label: 'worked',
        colour: 1,
        area: true,
        values: each((slot) => (slotOf(slot, topic)?.done ?? 0) / SLOT_SECONDS),
      },
    ],
    latency: [
      { label: 'p50', colour: 1, values: each((slot) => slotOf(slot, topic)?.p50 ?? null) },
      { label: 'p95', colour: 2, values: each((slot) => slotOf(slot, topic)?.p95 ?? null) },
      { label: 'p99', colour: 5, values: each((slot) => slotOf(slot, topic)?.p99 ?? null) },
    ],
    lag: [{ label: 'records', colour: 2, area: true, values: each((slot) => levelOf(slot, 'lag', topic)) }],
    errors: [
      {
        label: 'of the records',
        colour: 5,
        area: true,
        values: each((slot) => {
          const { done, errors } = slotOf(slot, topic) ?? { done: 0, errors: 0 };
          return errors === 0 ? 0 : (100 * errors) / (done + errors);
        }),
      },
    ],
    memory: [
      { label: 'functions', colour: 3, values: each(({ levels }) => levels?.memory.functions ?? null) },
      {
        label: 'all others',
        colour: 4,
        values: each(({ levels }) => (levels === null ? null : sum(levels.memory) - (levels.memory.functions ?? 0))),
      },
    ],
  };
};

/** The last levels that are known. */
export const levelsNow = (slots: readonly Slot[]): NonNullable<Slot['levels']> | undefined =>
  slots.findLast(({ levels }) => levels !== null)?.levels ?? undefined;

export const total = sum;
