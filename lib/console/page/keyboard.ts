import { signal } from '@preact/signals';
import { go } from './router.ts';
import { VIEWS } from './views/index.ts';

export const helpIsOpen = signal(false);

/** What keys do everywhere, for the help. */
export const SHORTCUTS: readonly (readonly [keys: string, does: string])[] = [
  ['/', 'Search in the view'],
  ['g then a letter', 'Go to a view'],
  ['t', 'Light or dark'],
  ['?', 'This help'],
  ['Esc', 'Close what is open'],
];

/** A letter after `g` counts for so long, milliseconds. */
const PATIENCE_MS = 1_500;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** Listens to the keys of the whole page. @param actions what single keys do */
export const listenToKeys = (actions: Readonly<Record<string, () => void>>): (() => void) => {
  let goes = 0;
  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]') !== null) return;
    const { key } = event;
    const isSecond = Date.now() < goes;
    goes = 0;
    const view = isSecond ? VIEWS.find((each) => each.key === key) : undefined;
    if (view !== undefined) go(`/${view.id}`);
    else if (key === 'g') goes = Date.now() + PATIENCE_MS;
    else if (Object.hasOwn(actions, key)) actions[key]?.();
    else return;
    event.preventDefault();
  };
  addEventListener('keydown', pressed);
  return () => removeEventListener('keydown', pressed);
};

/** Puts the cursor into the search field of the view. */
export const focusSearch = (): void => {
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  field?.focus();
  field?.select();
};
