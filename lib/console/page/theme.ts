import { signal } from '@preact/signals';

/** Undefined: as the system says. */
export type Theme = 'light' | 'dark' | undefined;

const stored = (): Theme => {
  const chosen = localStorage.getItem('theme');
  return chosen === 'light' || chosen === 'dark' ? chosen : undefined;
};

export const theme = signal<Theme>(stored());

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

/** Counts the changes of what is shown: charts draw their colours anew. */
export const themeChanges = signal(0);
systemIsDark.addEventListener('change', () => {
  themeChanges.value += 1;
});

export const isDark = (): boolean => (theme.value === undefined ? systemIsDark.matches : theme.value === 'dark');

export const toggleTheme = (): void => {
  const next = isDark() ? 'light' : 'dark';
  localStorage.setItem('theme', next);
  document.documentElement.dataset.theme = next;
  theme.value = next;
  themeChanges.value += 1;
};
