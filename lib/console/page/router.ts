import { computed, signal } from '@preact/signals';
import { nameIn, stepOf } from '../path-step.ts';

const here = signal(`${location.pathname}${location.search}`);

addEventListener('popstate', () => {
  here.value = `${location.pathname}${location.search}`;
});

const url = computed(() => new URL(here.value, location.origin));

/** Steps of the path: which view, and what of it. */
export const steps = computed(() =>
  url.value.pathname
    .split('/')
    .filter(Boolean)
    .map((step) => nameIn(decodeURIComponent(step))),
);

/** What stands behind the question mark. */
export const query = computed(() => url.value.searchParams);

/** A path of the page, each step encoded, with what is given as its query. */
export const pathTo = (path: readonly string[], params: Readonly<Record<string, string | number | undefined>> = {}) => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  return `/${path.map(stepOf).join('/')}${search.size === 0 ? '' : `?${search}`}`;
};

/** @param options.replace without an entry in the browser's history: while somebody types */
export const go = (to: string, options: { replace?: boolean } = {}): void => {
  if (to === here.value) return;
  if (options.replace === true) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  here.value = to;
};
