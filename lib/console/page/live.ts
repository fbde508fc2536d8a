import { signal } from '@preact/signals';
import type { HealthReport } from '../../local/health.ts';
import type { Slot } from '../../operations/figures/history.ts';
import type { Lately, LiveFigures } from '../server/live/messages.ts';

/** The slots of the last quarter of an hour, oldest first. */
export const slots = signal<readonly Slot[]>([]);
export const lately = signal<Lately | undefined>(undefined);
export const health = signal<HealthReport | undefined>(undefined);
export const isLive = signal(false);

/** As many as the server keeps. */
const KEPT = 300;

/** Slots are told again while they grow: the later word counts. */
export const merged = (before: readonly Slot[], told: readonly Slot[]): readonly Slot[] => {
  const [first] = told;
  if (first === undefined) return before;
  const levels = new Map(before.map((slot) => [slot.time, slot.levels]));
  const known = told.map((slot) => (slot.levels === null ? { ...slot, levels: levels.get(slot.time) ?? null } : slot));
  return [...before.filter(({ time }) => time < first.time), ...known].slice(-KEPT);
};

/** Listens to the stream while a view shows it; the browser connects again by itself. @returns what ends it */
export const watchLive = (): (() => void) => {
  const stream = new EventSource('/api/live');
  stream.addEventListener('open', () => {
    isLive.value = true;
  });
  stream.addEventListener('error', () => {
    isLive.value = false;
  });
  stream.addEventListener('figures', ({ data }) => {
    const figures: LiveFigures = JSON.parse(data);
    slots.value = merged(slots.value, figures.slots);
    lately.value = figures.lately;
  });
  stream.addEventListener('health', ({ data }) => {
    health.value = JSON.parse(data);
  });
  return () => {
    stream.close();
    isLive.value = false;
  };
};
