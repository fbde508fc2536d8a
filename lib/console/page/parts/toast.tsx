import { signal } from '@preact/signals';

const told = signal<readonly { id: number; text: string }[]>([]);
let last = 0;

const SHOWN_MS = 5_000;

/** Says something that was done. */
export const tell = (text: string): void => {
  last += 1;
  const id = last;
  told.value = [...told.value, { id, text }];
  setTimeout(() => {
    told.value = told.value.filter((each) => each.id !== id);
  }, SHOWN_MS);
};

export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {told.value.map(({ id, text }) => (
      <p key={id}>{text}</p>
    ))}
  </div>
);
